import { useMutation } from "@tanstack/react-query";
import { Modal, Progress } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { tagOf } from "@/api/client";
import { postForm } from "@/api/sending";
import type { Upload } from "@/features/uploads/uploads";
import { ProblemAlert } from "@/shared/ProblemAlert";
import { DropTable } from "@/shared/uploads/DropTable";
import { formOf } from "@/shared/uploads/tables";

type Props = { upload: Upload; offer: Upload["steps"][number]; onClose: (now?: Upload) => void };

/** The same table again, mended elsewhere: it takes the file's place in the same review. */
export function MendedFileDialog({ upload, offer, onClose }: Props) {
  const { t } = useTranslation();
  const [sent, setSent] = useState(0);
  const sending = useMutation({
    mutationFn: (file: File) =>
      postForm<Upload>(offer.url, formOf({ file }), { version: tagOf(upload.version), onSent: setSent }),
    onSuccess: onClose,
  });
  return (
    <Modal open title={offer.label} footer={null} onCancel={() => onClose()}>
      <ProblemAlert error={sending.error} />
      <p className="quiet">{t("mended.about")}</p>
      {sending.isPending ? (
        <Progress percent={Math.round(sent * 100)} aria-label={t("bring.sending")} />
      ) : (
        <DropTable onFile={sending.mutate} />
      )}
    </Modal>
  );
}
