import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, Tooltip } from "antd";

import { ApplyDialog } from "@/features/uploads/ApplyDialog";
import { MendedFileDialog } from "@/features/uploads/MendedFileDialog";
import { type Upload, uploads } from "@/features/uploads/uploads";
import { useQueryClient } from "@tanstack/react-query";
import { DownloadButton } from "@/shared/DownloadButton";
import { Obstacles } from "@/shared/Obstacles";
import { StepBar } from "@/shared/StepBar";

type Offer = Upload["steps"][number];

/** Steps with a form of their own; the rest are drawn as any document's. */
const OWN_FORMS = new Set(["apply", "replace_file", "confirm_mapping"]);

type Props = {
  upload: Upload;
  onTaken: (upload: Upload) => void;
  /** Look at the columns again. */
  onColumns: () => void;
  isMapping: boolean;
};

/** What the reader may do with the upload now, as the server offers it. */
export function UploadActions({ upload, onTaken, onColumns, isMapping }: Props) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const [asked, setAsked] = useState<string | null>(null);
  const offer = (name: string) => upload.steps.find((one) => one.name === name);
  const [apply, replace, mapping] = [offer("apply"), offer("replace_file"), offer("confirm_mapping")];
  const rest = upload.steps.filter((one) => !OWN_FORMS.has(one.name));
  const close = (now?: Upload) => {
    setAsked(null);
    if (now) onTaken(now);
  };
  return (
    <div className="actions">
      {apply && !isMapping && <Step offer={apply} primary onClick={() => setAsked("apply")} />}
      {upload.state === "reviewed" && mapping && !isMapping && <Button onClick={onColumns}>{t("upload.columns")}</Button>}
      {upload.layout !== null && upload.faulty_count > 0 && (
        <DownloadButton url={`${upload.links.self}annotated/`}>{t("upload.annotated")}</DownloadButton>
      )}
      {replace && <Step offer={replace} onClick={() => setAsked("replace_file")} />}
      <DownloadButton type="text" url={`${upload.links.self}file/`}>
        {t("upload.file")}
      </DownloadButton>
      {rest.length > 0 && (
        <StepBar<Upload>
          steps={rest}
          version={upload.version}
          onTaken={onTaken}
          onRefused={() => void cache.invalidateQueries({ queryKey: uploads.one(upload.id).queryKey })}
        />
      )}
      <Obstacles steps={upload.steps.filter((one) => OWN_FORMS.has(one.name))} />
      {asked === "apply" && apply && <ApplyDialog upload={upload} offer={apply} onClose={close} />}
      {asked === "replace_file" && replace && <MendedFileDialog upload={upload} offer={replace} onClose={close} />}
    </div>
  );
}

function Step({ offer, primary, onClick }: { offer: Offer; primary?: boolean; onClick: () => void }) {
  return (
    <Tooltip title={offer.reasons.map((reason) => reason.detail).join(" ")}>
      <Button type={primary ? "primary" : "default"} disabled={!offer.open} onClick={onClick}>
        {offer.label}
      </Button>
    </Tooltip>
  );
}
