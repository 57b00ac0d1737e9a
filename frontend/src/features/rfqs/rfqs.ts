import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { answer, api, type Schema } from "@/api/client";

export type RFQ = Schema["RFQ"];
export type RFQRow = Schema["RFQRow"];
export type RFQLine = Schema["RFQLine"];
export type State = RFQRow["state"];

/** What the list is narrowed to; stands in the page's address. */
export type Narrowing = { state?: State; text?: string };

/** Cursors arrive as addresses; the next call wants only the cursor. */
function cursorOf(next: string | null | undefined): string | undefined {
  return next ? (new URL(next, window.location.origin).searchParams.get("cursor") ?? undefined) : undefined;
}

export const rfqs = {
  all: ["rfqs"] as const,
  list: (narrowing: Narrowing) =>
    infiniteQueryOptions({
      queryKey: [...rfqs.all, "list", narrowing],
      initialPageParam: undefined as string | undefined,
      queryFn: ({ pageParam }) => {
        const state = narrowing.state && [narrowing.state];
        return answer(api.GET("/api/v1/rfqs/", { params: { query: { ...narrowing, state, cursor: pageParam } } }));
      },
      getNextPageParam: (page) => cursorOf(page.next),
    }),
  one: (id: string) =>
    queryOptions({
      queryKey: [...rfqs.all, id],
      queryFn: () => answer(api.GET("/api/v1/rfqs/{id}/", { params: { path: { id } } })),
    }),
  journal: (id: string) =>
    queryOptions({
      queryKey: [...rfqs.all, id, "journal"],
      queryFn: () => answer(api.GET("/api/v1/rfqs/{id}/journal/", { params: { path: { id } } })),
    }),
};
