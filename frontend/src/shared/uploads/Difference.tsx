import "@/shared/uploads/uploads.css";
import { useTranslation } from "react-i18next";

import type { Schema } from "@/api/client";

type Change = Schema["ReviewedRow"]["changes"][number];

/** What differs, field by field: as it is, and as the table says. */
export function Difference({ changes }: { changes: readonly Change[] }) {
  return (
    <dl className="difference">
      {changes.map((change) => (
        <div key={change.column}>
          <dt>{change.heading}</dt>
          <dd>
            <OldAndNew old={change.old} new={change.new} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

export function OldAndNew({ old, new: now }: { old: string | null; new: string | null }) {
  const { t } = useTranslation();
  return (
    <>
      <del>{old ?? t("changes.empty")}</del> <span aria-hidden>→</span> <ins>{now ?? t("changes.empty")}</ins>
    </>
  );
}
