import type { Proposed, Question } from "@/features/uploads/uploads";

/** How a table is to be read, as the server proposes it and takes it back. */
export type Layout = {
  table: string;
  header_rows: number[];
  columns: Record<string, number>;
  constants: Record<string, string>;
  include_hidden_rows: boolean | null;
};

/** A layout on its way to being confirmed, and which questions a person has settled. */
export type Draft = { layout: Layout; settled: ReadonlySet<string> };

export const layoutOf = (table: Proposed): Layout | null => table.layout as Layout | null;

/** Two questions about one column are one thing to settle. */
export function topic(question: Question): string {
  const column = question.about["column"];
  return typeof column === "string" ? `column ${column}` : question.code;
}

export type Move =
  | { kind: "place"; column: string; place: number | null }
  | { kind: "constant"; column: string; value: string }
  | { kind: "hidden-rows"; include: boolean }
  | { kind: "settle"; topic: string };

export function moved(draft: Draft, move: Move): Draft {
  const { layout } = draft;
  switch (move.kind) {
    case "place":
      return settled({ ...draft, layout: placed(layout, move.column, move.place) }, `column ${move.column}`);
    case "constant": {
      const columns = without(layout.columns, move.column);
      const constants = { ...layout.constants, [move.column]: move.value };
      return settled({ ...draft, layout: { ...layout, columns, constants } }, `column ${move.column}`);
    }
    case "hidden-rows":
      return settled({ ...draft, layout: { ...layout, include_hidden_rows: move.include } }, "hidden-rows");
    case "settle":
      return settled(draft, move.topic);
  }
}

const settled = (draft: Draft, what: string): Draft => ({ ...draft, settled: new Set([...draft.settled, what]) });

/** A column of the file stands for one column of the format: whatever had the place loses it. */
function placed(layout: Layout, column: string, place: number | null): Layout {
  const others = Object.entries(layout.columns).filter(([name, taken]) => name !== column && taken !== place);
  const columns = Object.fromEntries(place === null ? others : [...others, [column, place]]);
  return { ...layout, columns, constants: without(layout.constants, column) };
}

function without<Value>(record: Record<string, Value>, name: string): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));
}

/** A, B, …, Z, AA, as spreadsheet programs name columns. */
export function letterOf(place: number): string {
  let letters = "";
  for (let rest = place; rest > 0; rest = Math.floor((rest - 1) / 26)) letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters;
  return letters;
}
