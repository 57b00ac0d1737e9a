import "@/shared/uploads/uploads.css";
import { InboxOutlined } from "@ant-design/icons";
import { type DragEvent, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { type Pasted, pastedTable } from "@/shared/uploads/pasted";

const READ = ".xlsx,.xlsm,.xls,.ods,.csv,.tsv,.txt";

type Props = {
  onFile: (file: File) => void;
  /** Where a range may be pasted instead. */
  onPasted?: (range: Pasted) => void;
};

/** Where a table is dropped, chosen or pasted. While it is on screen, Ctrl+V anywhere but in a field is a range. */
export function DropTable({ onFile, onPasted }: Props) {
  const { t } = useTranslation();
  const [isOver, setOver] = useState(false);
  usePaste(onFile, onPasted);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file) onFile(file);
  };
  return (
    <label
      className={isOver ? "drop drop-over" : "drop"}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <input
        type="file"
        accept={READ}
        className="unseen"
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = "";
          if (file) onFile(file);
        }}
      />
      <InboxOutlined className="drop-icon" aria-hidden />
      <strong>{t("drop.choose")}</strong>
      {onPasted && <span>{t("drop.paste")}</span>}
      <span className="quiet">{t("drop.kinds")}</span>
    </label>
  );
}

function usePaste(onFile: Props["onFile"], onPasted: Props["onPasted"]) {
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      const written = event.target instanceof HTMLElement && event.target.closest("input:not([type=file]), textarea");
      if (written || !event.clipboardData) return;
      const range = onPasted && pastedTable(event.clipboardData.getData("text/plain"));
      const file = event.clipboardData.files[0];
      if (range) onPasted(range);
      else if (file && !file.type.startsWith("image/")) onFile(file);
      else return;
      event.preventDefault();
    };
    document.addEventListener("paste", paste);
    return () => document.removeEventListener("paste", paste);
  }, [onFile, onPasted]);
}
