import { Progress } from "antd";
import { useTranslation } from "react-i18next";

import type { Upload } from "@/features/uploads/uploads";
import { useFormat } from "@/shared/format";

/** How far a worker is with the rows. */
export function Work({ upload }: { upload: Upload }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { done = 0, total = null } = upload.progress ?? {};
  const percent = total ? Math.min(99, Math.floor((done / total) * 100)) : 0;
  return (
    <section className="work" aria-label={upload.state_label}>
      <strong>{upload.state_label} …</strong>
      <Progress percent={percent} status="active" showInfo={total !== null} aria-label={upload.state_label} />
      <span className="quiet" role="status">
        {done > 0 ? t("work.rows", { done: format.whole(done), total: total ? format.whole(total) : "…" }) : t("work.waits")}
      </span>
    </section>
  );
}
