import { useQueries } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";

const PAGE_ROWS = 200;
const SETTLED_AFTER = 80;

export type Page<Row> = { results: Row[]; count: number; offset: number };

/** Where the rows of a grid come from; the offset completes the key. */
export type Source<Row> = {
  key: readonly unknown[];
  page: (offset: number, limit: number, signal: AbortSignal) => Promise<Page<Row>>;
};

/** The pages a grid has in sight, fetched when scrolling comes to rest; the first one says how many rows there are. ``from`` is where the grid begins among them. */
export function usePages<Row>({ key, page }: Source<Row>, from = 0) {
  const [sight, setSight] = useState({ first: 0, last: 0 });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const onVisible = useCallback((first: number, last: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setSight({ first, last }), SETTLED_AFTER);
  }, []);
  const places = wanted(sight.first, sight.last);
  const answers = useQueries({
    queries: places.map((place) => {
      const offset = from + place * PAGE_ROWS;
      return {
        queryKey: [...key, offset],
        queryFn: ({ signal }: { signal: AbortSignal }) => page(offset, PAGE_ROWS, signal),
        refetchOnWindowFocus: false,
      };
    }),
  });
  const byPlace = new Map(places.map((place, index) => [place, answers[index]]));
  const first = byPlace.get(0);
  return {
    onVisible,
    rowAt: (index: number): Row | undefined => byPlace.get(Math.floor(index / PAGE_ROWS))?.data?.results[index % PAGE_ROWS],
    count: first?.data?.count,
    isPending: first?.isPending ?? true,
    error: answers.find((answer) => answer.error)?.error ?? null,
  };
}

function wanted(first: number, last: number): number[] {
  const from = Math.floor(first / PAGE_ROWS);
  const to = Math.floor(last / PAGE_ROWS);
  const around = Array.from({ length: to - from + 1 }, (_, place) => from + place);
  return around.includes(0) ? around : [0, ...around];
}
