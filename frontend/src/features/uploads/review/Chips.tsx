import { useTranslation } from "react-i18next";

import type { Upload } from "@/features/uploads/uploads";
import { useOutcomes } from "@/features/uploads/words";
import { useFormat } from "@/shared/format";

const ORDER = ["faulty", "new", "changed", "unchanged", "left_out", "missing"] as const;

type Props = { upload: Upload; chosen?: string; onChoose: (outcome: string | undefined) => void };

/** How many rows there are of each outcome; each is a filter. */
export function Chips({ upload, chosen, onChoose }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const names = useOutcomes();
  const { missing: delisted = 0, ...rows } = upload.counts;
  const counts: Record<string, number> = { ...rows, missing: upload.missing_count || delisted };
  const all = Object.values(rows).reduce((sum, count) => sum + count, 0);
  const chip = (key: string, name: string, count: number, value: string | undefined) => (
    <button
      key={key}
      type="button"
      className={`chip chip-${key}`}
      aria-pressed={chosen === value}
      onClick={() => onChoose(chosen === value ? undefined : value)}
    >
      {name} <b>{format.whole(count)}</b>
    </button>
  );
  return (
    <div className="chips" role="group" aria-label={t("review.outcomes")}>
      {chip("all", t("review.allRows"), all, undefined)}
      {ORDER.filter((outcome) => counts[outcome]).map((outcome) => chip(outcome, names[outcome] ?? outcome, counts[outcome] ?? 0, outcome))}
    </div>
  );
}
