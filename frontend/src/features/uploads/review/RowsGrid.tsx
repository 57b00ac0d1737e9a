import { useQuery } from "@tanstack/react-query";
import { Button, Empty, Segmented, Spin } from "antd";
import { useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { CellEditor } from "@/features/uploads/review/CellEditor";
import { cellOf, changeIn, faultsIn, type FileColumn } from "@/features/uploads/review/cells";
import { RowPanel } from "@/features/uploads/review/RowPanel";
import { useMending } from "@/features/uploads/review/useMending";
import { type Choice, type ReviewedRow, type Upload, uploads } from "@/features/uploads/uploads";
import { useOutcomes, useRemarks } from "@/features/uploads/words";
import { useFormat } from "@/shared/format";
import type { Place } from "@/shared/grid/keys";
import { usePages } from "@/shared/grid/pages";
import { type GridHandle, VirtualGrid } from "@/shared/grid/VirtualGrid";
import { ProblemAlert } from "@/shared/ProblemAlert";

/** As many rows as browsers can make a box tall. */
const SPAN = 400_000;
/** Rows at the end of a grid below which there is no room for help. */
const [LOW_FROM, LOW_ROWS] = [6, 6];
/** On a telephone only the row's number stays in sight. */
const NARROW = 700;
const NUMBER = "#number";
const OUTCOME = "#outcome";
/** From how many rows a column's width is guessed, and how wide a letter is about. */
const MEASURED_ROWS = 60;
const LETTER_WIDTH = 7.8;
const [NARROWEST, WIDEST] = [84, 320];

/** The rows in a grid, with the active one's particulars beside it; cells are mended where they stand. */
export function RowsGrid({ upload, choice }: { upload: Upload; choice: Choice }) {
  const { t } = useTranslation();
  const grid = useRef<GridHandle>(null);
  const [span, setSpan] = useState(0);
  const [active, setActive] = useState<Place>({ row: 0, column: 2 });
  const [edited, setEdited] = useState<Place | null>(null);
  const { mutation, mended, refresh } = useMending(upload, choice);
  const from = span * SPAN;
  const pages = usePages(uploads.rows(upload, choice), from);
  const { data: known } = useQuery(uploads.columns(upload, null));
  const columns = useMemo(() => fileColumns(upload, known?.columns ?? []), [upload, known]);
  const outcomes = useOutcomes();
  const remarks = useRemarks();
  const format = useFormat();
  const words = { taken: (shown: string, taken: string) => t("review.taken", { shown, taken }) };
  const all = pages.count ?? 0;
  const row = pages.rowAt(active.row);
  const columnAt = (place: Place): FileColumn | undefined => columns[place.column - 2];

  if (pages.isPending && !pages.error) return <Spin />;
  const write = (number: number, column: FileColumn, text: string) => {
    setEdited(null);
    grid.current?.focus();
    mutation.mutate({ number, cells: { [column.name]: text } });
  };
  const cell = (one: ReviewedRow, key: string, place: Place) => {
    if (key === NUMBER) return { content: one.number, className: "cell-number" };
    if (key === OUTCOME) {
      const remark = remarks[one.remark] ?? one.remark;
      return outcomeCell(one, outcomes[one.outcome] ?? one.outcome, remark, mended.has(one.number));
    }
    const column = columnAt(place);
    if (!column) return { content: null };
    const shown = cellOf(one, column, words);
    if (edited?.row !== place.row || edited.column !== place.column) return shown;
    const editor = (
      <CellEditor
        label={t("review.cell", { heading: column.heading, row: one.number })}
        text={one.cells[column.name] ?? ""}
        faults={faultsIn(one, column)}
        isLow={place.row > LOW_FROM && place.row > all - LOW_ROWS}
        onWrite={(text) => write(one.number, column, text)}
        onCancel={() => {
          setEdited(null);
          grid.current?.focus();
        }}
      />
    );
    return { content: editor, className: `${shown.className ?? ""} cell-edited` };
  };

  return (
    <>
      <ProblemAlert error={pages.error ?? mutation.error} />
      {mended.size > 0 && Object.values(choice).some(Boolean) && (
        <p className="mended" role="status">
          {t("review.mended", { rows: mended.size })}{" "}
          <Button size="small" onClick={refresh}>
            {t("review.refresh")}
          </Button>
        </p>
      )}
      {all > SPAN && (
        <Segmented
          value={span}
          onChange={setSpan}
          options={Array.from({ length: Math.ceil(all / SPAN) }, (_, place) => ({
            value: place,
            label: `${format.count(place * SPAN + 1)} – ${format.count(Math.min(all, (place + 1) * SPAN))}`,
          }))}
        />
      )}
      <div className="review-body">
        <VirtualGrid<ReviewedRow>
          ref={grid}
          label={t("review.title")}
          count={Math.min(SPAN, Math.max(0, all - from))}
          columns={[
            { key: NUMBER, title: t("review.row"), width: 64, stays: true },
            { key: OUTCOME, title: t("review.outcome"), width: 120, stays: window.innerWidth > NARROW },
            ...columns.map((column) => ({ key: column.name, title: column.heading, width: widthOf(column, pages.rowAt) })),
          ]}
          rowAt={pages.rowAt}
          rowClass={(one) => `row-${one.outcome}`}
          cell={cell}
          active={active}
          onActive={(place) => {
            setActive(place);
            if (edited && (edited.row !== place.row || edited.column !== place.column)) setEdited(null);
          }}
          onOpen={(place) => {
            if (upload.editable && columnAt(place) && pages.rowAt(place.row)) setEdited(place);
          }}
          onVisible={pages.onVisible}
          empty={<Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("review.none")} />}
        />
        <RowPanel
          row={row}
          columns={columns}
          isEditable={upload.editable}
          isPending={mutation.isPending}
          onWrite={(column, text) => row && write(row.number, column, text)}
        />
      </div>
    </>
  );
}

/** The columns that were read, in the order of the file. */
function fileColumns(upload: Upload, known: readonly FileColumn[] | readonly Omit<FileColumn, "place">[]): FileColumn[] {
  const layout = upload.layout as { columns?: Record<string, number> } | null;
  const places = layout?.columns ?? {};
  return known
    .flatMap((column) => (places[column.name] === undefined ? [] : [{ ...column, place: places[column.name] ?? 0 }]))
    .sort((one, two) => one.place - two.place);
}

/** Wide enough for what the first rows say; letters of Chinese count twice. */
function widthOf(column: FileColumn, rowAt: (index: number) => ReviewedRow | undefined): number {
  const texts = [`${column.heading} `, ...Array.from({ length: MEASURED_ROWS }, (_, index) => written(rowAt(index), column))];
  const longest = Math.max(...texts.map((text) => text.length + (text.match(/[\u2e80-\uffff]/g)?.length ?? 0)));
  return Math.round(Math.max(NARROWEST, Math.min(WIDEST, longest * LETTER_WIDTH + 24)));
}

/** What stands above or between the rows of data does not count. */
function written(row: ReviewedRow | undefined, column: FileColumn): string {
  if (row === undefined || row.outcome === "left_out") return "";
  const change = changeIn(row, column);
  return change ? `${change.old ?? ""} → ${change.new ?? ""}` : (row.cells[column.name] ?? "");
}

function outcomeCell(row: ReviewedRow, name: string, remark: string, isMended: boolean) {
  const said = [...row.faults.filter((fault) => !fault.column).map((fault) => fault.detail), remark].filter(Boolean).join("\n");
  return {
    content: (
      <>
        <span className={`mark mark-${row.outcome}`}>{name}</span>
        {isMended && <span aria-hidden> ✎</span>}
      </>
    ),
    title: said || undefined,
  };
}
