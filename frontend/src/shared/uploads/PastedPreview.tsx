import "@/shared/uploads/uploads.css";
import { useTranslation } from "react-i18next";

import type { Pasted } from "@/shared/uploads/pasted";

const SHOWN_ROWS = 8;
const SHOWN_COLUMNS = 12;

/** The first rows of a pasted range, so that one sees what will be sent. */
export function PastedPreview({ range }: { range: Pasted }) {
  const { t } = useTranslation();
  const columns = Array.from({ length: Math.min(range.width, SHOWN_COLUMNS) }, (_, place) => place);
  return (
    <figure className="pasted">
      <figcaption>{t("drop.pasted", { rows: range.rows.length, columns: range.width })}</figcaption>
      <div className="pasted-scroll" tabIndex={0} role="group" aria-label={t("drop.preview")}>
        <table className="cells">
          <tbody>
            {range.rows.slice(0, SHOWN_ROWS).map((row, place) => (
              <tr key={place}>
                {columns.map((column) => (
                  <td key={column}>{row[column] ?? ""}</td>
                ))}
                {range.width > SHOWN_COLUMNS && <td>…</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {range.rows.length > SHOWN_ROWS && <span className="quiet">{t("drop.more", { rows: range.rows.length - SHOWN_ROWS })}</span>}
    </figure>
  );
}
