import "@/shared/uploads/uploads.css";
import { useId } from "react";
import { useTranslation } from "react-i18next";

import { letterOf } from "@/features/uploads/columns/draft";
import type { Proposed } from "@/features/uploads/uploads";

type Props = {
  table: Proposed;
  headerRows: readonly number[];
  /** Whether it is still asked where the headings stand. */
  isAsked?: boolean;
  /** What each place of the file is read as. */
  assigned: ReadonlyMap<number, string>;
  /** Headings stand in these rows. */
  onPoint: (rows: readonly number[]) => void;
};

/** The first rows as they stand in the file: which of them holds the headings, and what each column is read as. */
export function SampleTable({ table, headerRows, isAsked, assigned, onPoint }: Props) {
  const { t } = useTranslation();
  const group = useId();
  const places = Array.from({ length: table.width }, (_, index) => index + 1);
  const heading = Math.max(0, ...headerRows);
  return (
    <div className="sample" tabIndex={0} role="group" aria-label={t("columns.sample")}>
      <table className="cells">
        <thead>
          <tr>
            <td className="corner">
              <label>
                <input type="radio" name={group} checked={headerRows.length === 0 && !isAsked} onChange={() => onPoint([])} /> {t("columns.none")}
              </label>
            </td>
            {places.map((place) => (
              <th key={place} scope="col" className={assigned.has(place) ? "read" : undefined}>
                <span className="letter">{letterOf(place)}</span>
                {assigned.get(place)}
                {table.hidden_columns.includes(place) && <span className="letter"> {t("columns.hidden")}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.sample.map((row) => (
            <tr key={row.number} className={rowClass(row, headerRows, heading)}>
              <th scope="row">
                <label>
                  <input
                    type="radio"
                    name={group}
                    checked={row.number === heading}
                    aria-label={t("columns.headingsIn", { row: row.number })}
                    onChange={() => onPoint([row.number])}
                  />{" "}
                  {row.number}
                </label>
              </th>
              {places.map((place) => (
                <td key={place} className={assigned.has(place) ? "read" : undefined}>
                  {row.cells[place - 1] ?? ""}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function rowClass(row: Proposed["sample"][number], headerRows: readonly number[], heading: number): string {
  if (headerRows.includes(row.number)) return "sample-heading";
  return row.number < heading || row.hidden ? "sample-aside" : "";
}
