import "@/shared/grid/grid.css";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, type Ref, useEffect, useId, useImperativeHandle, useRef } from "react";

import { type Place, useGridKeys } from "@/shared/grid/keys";

const ROW_HEIGHT = 34;
const OVERSCAN = 12;
const LEAST_HEIGHT = 240;
/** The headings, and a bar to scroll sideways by. */
const LIST_ROOM = ROW_HEIGHT + 18;

export type GridColumn = {
  key: string;
  title: ReactNode;
  /** In pixels; columns that do not stay grow with the room there is. */
  width: number;
  /** Stays in sight while the others scroll sideways; only the first columns may. */
  stays?: boolean;
  /** Its cells end at the right, as numbers do. */
  isNumber?: boolean;
};

export type GridHandle = { focus: () => void; goTo: (row: number) => void };

type Props<Row> = {
  label: string;
  /** All rows; those not fetched yet are drawn as blanks. */
  count: number;
  columns: readonly GridColumn[];
  rowAt: (index: number) => Row | undefined;
  rowClass?: (row: Row) => string;
  cell: (row: Row, column: string, place: Place) => { content: ReactNode; className?: string; title?: string };
  active: Place;
  onActive: (place: Place) => void;
  /** Enter, F2 or a double click on a cell. */
  onOpen?: (place: Place) => void;
  onVisible: (first: number, last: number) => void;
  empty: ReactNode;
  /** A list one reads: without room for what opens at a cell, and no cell marked before one moves in it. */
  isList?: boolean;
  ref?: Ref<GridHandle>;
};

/**
 * A table of any length: only the rows in sight are drawn. The arrow keys move the active cell, which a
 * screen reader follows by ``aria-activedescendant``, as the cell itself may be scrolled out of being.
 */
export function VirtualGrid<Row>(props: Props<Row>) {
  const { columns, count, active, onActive, onOpen, onVisible, ref } = props;
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- its own cache decides what is drawn anew
  const rows = useVirtualizer({
    count,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
    scrollPaddingStart: ROW_HEIGHT,
  });
  const drawn = rows.getVirtualItems();
  const [first, last] = [drawn[0]?.index ?? 0, drawn.at(-1)?.index ?? 0];
  useEffect(() => onVisible(first, last), [first, last, onVisible]);

  const show = (place: Place) => {
    onActive(place);
    rows.scrollToIndex(place.row, { align: "auto" });
    requestAnimationFrame(() => reveal(box.current, cellId(id, place)));
  };
  const keys = useGridKeys({ count, columns: columns.length, page: Math.max(1, last - first - OVERSCAN), active, show, onOpen });
  useImperativeHandle(ref, () => ({
    focus: () => box.current?.focus({ preventScroll: true }),
    goTo: (row) => show({ row, column: active.column }),
  }));

  const template = columns.map((one) => (one.stays ? `${one.width}px` : `minmax(${one.width}px, ${one.width}fr)`)).join(" ");
  const width = columns.reduce((sum, one) => sum + one.width, 0);
  const offsets = columns.map((_, place) => columns.slice(0, place).reduce((sum, one) => sum + one.width, 0));
  const staying = columns.filter((one) => one.stays).reduce((sum, one) => sum + one.width, 0);
  const looks = (place: number) => (columns[place]?.stays ? { position: "sticky" as const, left: offsets[place], zIndex: 1 } : undefined);

  return (
    <div
      ref={box}
      role="grid"
      tabIndex={0}
      className={props.isList ? "grid grid-of-list" : "grid"}
      aria-label={props.label}
      aria-rowcount={count + 1}
      aria-colcount={columns.length}
      aria-activedescendant={count ? cellId(id, active) : undefined}
      style={{ scrollPaddingLeft: staying, scrollPaddingTop: ROW_HEIGHT, height: `clamp(${props.isList && count ? 0 : LEAST_HEIGHT}px, ${rows.getTotalSize() + (props.isList ? LIST_ROOM : 2 * ROW_HEIGHT)}px, min(66vh, 720px))` }}
      onKeyDown={keys}
    >
      <div role="rowgroup" className="grid-head" style={{ minWidth: width }}>
        <div role="row" aria-rowindex={1} className="grid-row" style={{ gridTemplateColumns: template }}>
          {columns.map((column, place) => (
            <div role="columnheader" key={column.key} aria-colindex={place + 1} className={`grid-cell ${column.isNumber ? "number" : ""}`} style={looks(place)}>
              {column.title}
            </div>
          ))}
        </div>
      </div>
      {count === 0 && <div className="grid-empty">{props.empty}</div>}
      <div role="rowgroup" className="grid-body" style={{ height: rows.getTotalSize(), minWidth: width }}>
        {drawn.map((item) => {
          const row = props.rowAt(item.index);
          return (
            <div
              role="row"
              key={item.key}
              aria-rowindex={item.index + 2}
              aria-busy={row === undefined || undefined}
              className={`grid-row ${row ? (props.rowClass?.(row) ?? "") : "grid-waiting"}`}
              style={{ gridTemplateColumns: template, transform: `translateY(${item.start}px)` }}
            >
              {columns.map((column, place) => {
                const here = { row: item.index, column: place };
                const shown = row && props.cell(row, column.key, here);
                const isActive = active.row === here.row && active.column === here.column;
                return (
                  <div
                    role="gridcell"
                    key={column.key}
                    id={cellId(id, here)}
                    aria-colindex={place + 1}
                    aria-selected={isActive}
                    className={`grid-cell ${column.isNumber ? "number" : ""} ${shown?.className ?? ""} ${isActive ? "grid-active" : ""}`}
                    title={shown?.title}
                    style={looks(place)}
                    onClick={() => onActive(here)}
                    onDoubleClick={() => onOpen?.(here)}
                  >
                    {shown?.content}
                  </div>
                );
              })}
            </div>
          );
        })}
      </div>
    </div>
  );
}

const cellId = (grid: string, place: Place): string => `${grid}-${place.row}-${place.column}`;

function reveal(box: HTMLElement | null, id: string) {
  box?.querySelector(`#${CSS.escape(id)}`)?.scrollIntoView({ block: "nearest", inline: "nearest" });
}
