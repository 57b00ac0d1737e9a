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
  const where = upload.target && [upload.target.number, upload.target.title].filter(Boolean).join(" · ");
  return (
    <Alert
      type="success"
      role="status"
      showIcon
      title={upload.applied_by_name ? t("applied.by", { name: upload.applied_by_name }) : upload.state_label}
      description={
        <>
          {said.join(" · ")}
          {upload.documents.length > 0 && <Documents upload={upload} />}
        </>
      }
      action={page && <Link to={page}>{where ? t("applied.in", { document: where }) : t("applied.look")}</Link>}
    />
  );
}

/** What the rows became. */
function Documents({ upload }: { upload: Upload }) {
  const { t } = useTranslation();
  return (
    <ul className="made" aria-label={t("applied.documents")}>
      {upload.documents.map((one) => (
        <li key={one.id}>
          <Link to={`/documents/${one.type}/${one.id}`}>{[one.number, one.title].filter(Boolean).join(" · ")}</Link>
        </li>
      ))}
    </ul>
  );
}

/** The page that shows where the rows went, where there is one. */
function pageOf({ format, target }: Upload): string | null {
  if (target) return `/documents/${target.type}/${target.id}`;
  if (format === "catalogue" || format === "stock") return "/catalogue";
  return format === "prices" ? "/price-lists" : null;
}
