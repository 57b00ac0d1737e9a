import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { answer, api, cursorOf, type Schema } from "@/api/client";

export type RFQ = Schema["RFQ"];
export type RFQRow = Schema["RFQRow"];
export type RFQLine = Schema["RFQLine"];
export type State = RFQRow["state"];

/** What the list is narrowed to; stands in the page's address. */
export type Narrowing = { state?: State; text?: string };

const LINES_AT_ONCE = 200;

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
  lines: (rfq: RFQ) =>
    infiniteQueryOptions({
      queryKey: [...rfqs.all, rfq.id, "lines", rfq.version],
      initialPageParam: undefined as string | undefined,
      queryFn: ({ pageParam }) => {
        const params = { path: { id: rfq.id }, query: { limit: LINES_AT_ONCE, cursor: pageParam } };
        return answer(api.GET("/api/v1/rfqs/{id}/lines/", { params }));
      },
      getNextPageParam: (page) => cursorOf(page.next),
    }),
};
