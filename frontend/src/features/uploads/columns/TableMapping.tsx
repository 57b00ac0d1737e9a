import { useMutation } from "@tanstack/react-query";
import { Button } from "antd";
import { useReducer } from "react";
import { useTranslation } from "react-i18next";

import { post, tagOf } from "@/api/client";
import { Problem } from "@/api/problem";
import { type Draft, layoutOf, letterOf, moved, topic } from "@/features/uploads/columns/draft";
import { ColumnChoice } from "@/features/uploads/columns/ColumnChoice";
import { Questions } from "@/features/uploads/columns/Questions";
import { SampleTable } from "@/features/uploads/columns/SampleTable";
import type { FormatColumn, Proposed, Upload } from "@/features/uploads/uploads";
import { ProblemAlert } from "@/shared/ProblemAlert";

type Props = {
  upload: Upload;
  columns: readonly FormatColumn[];
  table: Proposed;
  tables: readonly Proposed[];
  onTable: (name: string) => void;
  onPoint: (rows: readonly number[]) => void;
  onConfirmed: (upload: Upload) => void;
};

const AT_COLUMN = "#/layout/columns/";

/** The columns of one table: what is asked, what was proposed and why, and what a person says instead. */
export function TableMapping({ upload, columns, table, tables, onTable, onPoint, onConfirmed }: Props) {
  const { t } = useTranslation();
  const [draft, move] = useReducer(moved, table, begun);
  const offer = upload.steps.find((one) => one.name === "confirm_mapping");
  const sending = useMutation({
    mutationFn: () => post<Upload>(offer?.url ?? "", { layout: draft.layout }, tagOf(upload.version)),
    onSuccess: onConfirmed,
  });
  const faults = sending.error instanceof Problem ? sending.error.faults : [];
  const open = table.questions.filter((question) => !draft.settled.has(topic(question)));
  const isAsked = (name: string) => open.some((question) => topic(question) === `column ${name}`);
  const choice = (column: FormatColumn) => (
    <ColumnChoice
      key={column.name}
      column={column}
      table={table}
      layout={draft.layout}
      isAsked={isAsked(column.name)}
      fault={faults.find((fault) => fault.pointer === AT_COLUMN + column.name)?.detail}
      move={move}
    />
  );
  const matters = new Set([...columns.filter((one) => one.is_required).map((one) => one.name), ...namesIn(table, begun(table))]);
  const others = columns.filter((column) => !matters.has(column.name));
  const assigned = new Map(Object.entries(draft.layout.columns).map(([name, place]) => [place, headingOf(columns, name)]));
  return (
    <>
      <Questions
        questions={table.questions}
        settled={draft.settled}
        columns={columns}
        tables={tables}
        draft={draft}
        move={move}
        onTable={onTable}
        onPoint={onPoint}
      />
      <div className="mapping">
        <div className="mapping-list">
          <h3>{t("columns.which")}</h3>
          <ul className="plain">
            {columns.filter((column) => matters.has(column.name)).map(choice)}
          </ul>
          {others.length > 0 && (
            <details>
              <summary>{t("columns.others", { columns: others.length })}</summary>
              <ul className="plain">{others.map(choice)}</ul>
            </details>
          )}
        </div>
        <div className="mapping-sample">
          <h3>{t("columns.sample")}</h3>
          <SampleTable table={table} headerRows={draft.layout.header_rows} isAsked={open.some((question) => question.code === "no-headings")} assigned={assigned} onPoint={onPoint} />
          <Unread table={table} assigned={assigned} />
        </div>
      </div>
      <div className="mapping-end">
        <ProblemAlert error={sending.error} />
        <Button type="primary" disabled={!offer?.open} loading={sending.isPending} onClick={() => sending.mutate()}>
          {offer?.label ?? t("columns.title")}
        </Button>
        {open.length > 0 && <span className="quiet">{t("columns.open", { questions: open.length })}</span>}
        <span className="quiet">{t("columns.kept")}</span>
      </div>
    </>
  );
}

function begun(table: Proposed): Draft {
  const layout = layoutOf(table) ?? { table: table.name, header_rows: [], columns: {}, constants: {}, include_hidden_rows: null };
  return { layout, settled: new Set() };
}

/** The columns the file seems to have, or that a question is about. */
function namesIn(table: Proposed, { layout }: Draft): string[] {
  const asked = table.questions.map((question) => question.about["column"]).filter((name) => typeof name === "string");
  return [...Object.keys(layout.columns), ...Object.keys(layout.constants), ...table.matches.map((match) => match.column), ...asked];
}

const headingOf = (columns: readonly FormatColumn[], name: string): string =>
  columns.find((column) => column.name === name)?.heading ?? name;

/** Columns of the file that nothing will be read from. */
function Unread({ table, assigned }: { table: Proposed; assigned: ReadonlyMap<number, string> }) {
  const { t } = useTranslation();
  const left = Object.entries(table.unknown).filter(([place]) => !assigned.has(Number(place)));
  if (!left.length) return null;
  const named = left.map(([place, heading]) => `${letterOf(Number(place))} “${heading}”`).join(", ");
  return <p className="quiet">{t("columns.unread", { columns: named })}</p>;
}
