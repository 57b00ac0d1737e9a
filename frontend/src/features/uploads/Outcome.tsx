import { Alert } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import type { Upload } from "@/features/uploads/uploads";
import { useFormat } from "@/shared/format";

/** What an upload that is in force has done, and where to look at it. */
export function Outcome({ upload }: { upload: Upload }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (upload.state !== "applied") return null;
  const said = [
    t("applied.new", { rows: format.whole(upload.counts.new) }),
    t("applied.changed", { rows: format.whole(upload.counts.changed) }),
    upload.counts.missing ? t("applied.missing", { rows: format.whole(upload.counts.missing) }) : "",
    upload.counts.faulty ? t("applied.faulty", { rows: format.whole(upload.counts.faulty) }) : "",
  ].filter(Boolean);
  const page = pageOf(upload);
  return (
    <Alert
      type="success"
      role="status"
      showIcon
      title={upload.applied_by_name ? t("applied.by", { name: upload.applied_by_name }) : upload.state_label}
      description={said.join(" · ")}
      action={page && <Link to={page}>{t("applied.look")}</Link>}
    />
  );
}

/** The page that shows what a kind of table leads to, where there is one. */
function pageOf({ format, target_id }: Upload): string | null {
  if (format === "catalogue" || format === "stock") return "/catalogue";
  if (format === "prices") return target_id ? `/price-lists/${target_id}` : "/price-lists";
  if (format === "rfq-lines" && target_id) return `/rfqs/${target_id}`;
  return null;
}
