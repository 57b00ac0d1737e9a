import type { KeyboardEvent } from "react";

/** A cell of a grid, counted from 0. */
export type Place = { row: number; column: number };

type Grid = {
  count: number;
  columns: number;
  /** Rows one sees at once. */
  page: number;
  active: Place;
  show: (place: Place) => void;
  onOpen?: (place: Place) => void;
};

/** The keys of a grid, as spreadsheet programs and the ARIA practices have them. */
export function useGridKeys({ count, columns, page, active, show, onOpen }: Grid) {
  return (event: KeyboardEvent<HTMLElement>) => {
    if (event.target !== event.currentTarget) return;
    if (event.key === "Enter" || event.key === "F2") {
      event.preventDefault();
      onOpen?.(active);
      return;
    }
    const moved = target(event, active, page, count - 1, columns - 1);
    if (!moved) return;
    event.preventDefault();
    show({ row: within(moved.row, count - 1), column: within(moved.column, columns - 1) });
  };
}

function target(event: KeyboardEvent, { row, column }: Place, page: number, lastRow: number, lastColumn: number): Place | null {
  const far = event.ctrlKey || event.metaKey;
  switch (event.key) {
    case "ArrowUp":
      return { row: far ? 0 : row - 1, column };
    case "ArrowDown":
      return { row: far ? lastRow : row + 1, column };
    case "ArrowLeft":
      return { row, column: far ? 0 : column - 1 };
    case "ArrowRight":
      return { row, column: far ? lastColumn : column + 1 };
    case "Home":
      return { row: far ? 0 : row, column: 0 };
    case "End":
      return { row: far ? lastRow : row, column: lastColumn };
    case "PageUp":
      return { row: row - page, column };
    case "PageDown":
      return { row: row + page, column };
    default:
      return null;
  }
}

const within = (value: number, last: number): number => Math.max(0, Math.min(value, last));
