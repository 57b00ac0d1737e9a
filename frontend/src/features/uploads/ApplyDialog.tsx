import { useMutation } from "@tanstack/react-query";
import { Checkbox, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { post, tagOf } from "@/api/client";
import type { Upload } from "@/features/uploads/uploads";
import { useFormat } from "@/shared/format";
import { ProblemAlert } from "@/shared/ProblemAlert";

type Props = { upload: Upload; offer: Upload["steps"][number]; onClose: (now?: Upload) => void };

/** What applying will do, in numbers, and the two things one may ask for besides. */
export function ApplyDialog({ upload, offer, onClose }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const [onlyValid, setOnlyValid] = useState(false);
  const [delist, setDelist] = useState(false);
  const applying = useMutation({
    mutationFn: () =>
      post<Upload>(offer.url, { only_valid: onlyValid, delist_missing: delist }, tagOf(upload.version)),
    onSuccess: onClose,
  });
  const { counts, faulty_count: faulty, missing_count: missing } = upload;
  return (
    <Modal
      open
      title={t("apply.title", { format: [upload.format_title, upload.target?.number].filter(Boolean).join(" · ") })}
      okText={offer.label}
      cancelText={t("steps.cancel")}
      confirmLoading={applying.isPending}
      onOk={() => applying.mutate()}
      onCancel={() => onClose()}
    >
      <ProblemAlert error={applying.error} />
      <ul className="plain">
        <li>{t("apply.new", { rows: format.whole(counts.new) })}</li>
        <li>{t("apply.changed", { rows: format.whole(counts.changed) })}</li>
        <li className="quiet">{t("apply.unchanged", { rows: format.whole(counts.unchanged) })}</li>
        {upload.replaces && missing > 0 && <li>{t("apply.taken", { rows: format.whole(missing) })}</li>}
      </ul>
      {faulty > 0 && (
        <Checkbox className="option" checked={onlyValid} onChange={(event) => setOnlyValid(event.target.checked)}>
          {t("apply.onlyValid", { rows: format.whole(faulty) })}
        </Checkbox>
      )}
      {upload.can_delist && missing > 0 && (
        <Checkbox className="option" checked={delist} onChange={(event) => setDelist(event.target.checked)}>
          {t("apply.delist", { rows: format.whole(missing) })}
        </Checkbox>
      )}
    </Modal>
  );
}
