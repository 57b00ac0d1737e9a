import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import type { FileColumn } from "@/features/uploads/review/cells";
import type { ReviewedRow } from "@/features/uploads/uploads";
import { useOutcomes, useRemarks } from "@/features/uploads/words";
import { Difference } from "@/shared/uploads/Difference";

type Props = {
  row: ReviewedRow | undefined;
  columns: readonly FileColumn[];
  isEditable: boolean;
  isPending: boolean;
  onWrite: (column: FileColumn, text: string) => void;
};

/** Everything about the active row: its faults with what could stand there, what it changes, how it was understood. */
export function RowPanel({ row, columns, isEditable, isPending, onWrite }: Props) {
  const { t } = useTranslation();
  const outcomes = useOutcomes();
  const remarks = useRemarks();
  if (!row) return <aside className="panel" aria-label={t("panel.title")} />;
  const columnOf = (place: number) => columns.find((column) => column.place === place);
  return (
    <aside className="panel" aria-label={t("panel.title")} aria-live="polite">
      <h3>
        {t("columns.row", { row: row.number })} <span className={`mark mark-${row.outcome}`}>{outcomes[row.outcome]}</span>
      </h3>
      {row.key && <p className="panel-key">{row.key}</p>}
      {row.remark && <p>{remarks[row.remark] ?? row.remark}</p>}
      {row.faults.length > 0 && (
        <ul className="plain panel-faults" aria-label={t("panel.faults")}>
          {row.faults.map((fault, place) => {
            const column = columnOf(fault.column);
            return (
              <li key={place}>
                {fault.heading && <strong>{fault.heading}</strong>} {fault.detail}
                {isEditable && !column && fault.heading && (
                  <div>
                    <Link to="?columns">{t("panel.forAll")}</Link>
                  </div>
                )}
                {isEditable && column && fault.suggestions.length > 0 && (
                  <span className="suggestions" role="group" aria-label={t("review.suggestions")}>
                    {fault.suggestions.map((one) => (
                      <Button key={one} size="small" disabled={isPending} onClick={() => onWrite(column, one)}>
                        {one}
                      </Button>
                    ))}
                  </span>
                )}
              </li>
            );
          })}
        </ul>
      )}
      {row.changes.length > 0 && <Difference changes={row.changes} />}
      {row.conversions.length > 0 && (
        <>
          <h4>{t("panel.conversions")}</h4>
          <ul className="plain">
            {row.conversions.map((one) => (
              <li key={one.column}>
                {one.heading}: {t("review.taken", { shown: one.shown, taken: one.taken })}
              </li>
            ))}
          </ul>
        </>
      )}
      {isEditable && <p className="quiet">{t("panel.keys")}</p>}
    </aside>
  );
}
