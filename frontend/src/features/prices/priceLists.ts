import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { answer, api, cursorOf, type Schema } from "@/api/client";

export type PriceList = Schema["PriceList"];
export type PriceListRow = Schema["PriceListRow"];
export type Price = Schema["Price"];
export type State = PriceListRow["state"];

/** What the list is narrowed to; stands in the page's address. */
export type Narrowing = { state?: State };

const PAGE_ROWS = 200;

export const priceLists = {
  all: ["price-lists"] as const,
  list: (narrowing: Narrowing) =>
    infiniteQueryOptions({
      queryKey: [...priceLists.all, "list", narrowing],
      initialPageParam: undefined as string | undefined,
      queryFn: ({ pageParam }) =>
        answer(api.GET("/api/v1/price-lists/", { params: { query: { ...narrowing, cursor: pageParam } } })),
      getNextPageParam: (page) => cursorOf(page.next),
    }),
  one: (id: string) =>
    queryOptions({
      queryKey: [...priceLists.all, id],
      queryFn: () => answer(api.GET("/api/v1/price-lists/{id}/", { params: { path: { id } } })),
    }),
  prices: (list: PriceList, text: string) =>
    infiniteQueryOptions({
      queryKey: [...priceLists.all, list.id, "prices", list.version, text],
      initialPageParam: undefined as string | undefined,
      queryFn: ({ pageParam }) => {
        const query = { price_list: list.id, text: text || undefined, limit: PAGE_ROWS, cursor: pageParam };
        return answer(api.GET("/api/v1/prices/", { params: { query } }));
      },
      getNextPageParam: (page) => cursorOf(page.next),
    }),
};
