import type { ReactNode } from "react";

import type { Fault, FormatColumn, ReviewedRow } from "@/features/uploads/uploads";
import { OldAndNew } from "@/shared/uploads/Difference";

/** A column of the review that stands in the file. */
export type FileColumn = FormatColumn & { place: number };

export function faultsIn(row: ReviewedRow, column: FileColumn): Fault[] {
  return row.faults.filter((fault) => (fault.column ? fault.column === column.place : fault.heading === column.heading));
}

export const changeIn = (row: ReviewedRow, column: FileColumn) => row.changes.find((change) => change.heading === column.heading);

const conversionIn = (row: ReviewedRow, column: FileColumn) => row.conversions.find((one) => one.column === column.place);

type Words = { taken: (shown: string, taken: string) => string };

/** What a cell shows: its fault, else what it changes, else what it says. */
export function cellOf(row: ReviewedRow, column: FileColumn, words: Words): { content: ReactNode; className?: string; title?: string } {
  const text = row.cells[column.name] ?? "";
  const faults = faultsIn(row, column);
  if (faults.length) {
    return { content: text || "∅", className: "cell-faulty", title: faults.map((fault) => fault.detail).join("\n") };
  }
  const change = changeIn(row, column);
  if (change) {
    const title = `${change.old ?? "∅"} → ${change.new ?? "∅"}`;
    return { content: <OldAndNew old={change.old} new={change.new} />, className: "cell-changed", title };
  }
  const conversion = conversionIn(row, column);
  if (conversion) return { content: text, className: "cell-converted", title: words.taken(conversion.shown, conversion.taken) };
  return { content: text, title: text.length > 24 ? text : undefined };
}
