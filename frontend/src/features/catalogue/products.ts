import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { answer, api, cursorOf, type Schema } from "@/api/client";

export type Product = Schema["Product"];
export type ProductRow = Schema["ProductRow"];
export type State = ProductRow["state"];

/** What the catalogue is narrowed to; stands in the page's address. */
export type Narrowing = { q?: string; category?: string; state?: State; supplier?: string };

const MOST_CATEGORIES = 200;

export const products = {
  all: ["products"] as const,
  list: (narrowing: Narrowing) =>
    infiniteQueryOptions({
      queryKey: [...products.all, "list", narrowing],
      initialPageParam: undefined as string | undefined,
      queryFn: ({ pageParam }) =>
        answer(api.GET("/api/v1/products/", { params: { query: { ...narrowing, cursor: pageParam } } })),
      getNextPageParam: (page) => cursorOf(page.next),
    }),
  one: (id: string) =>
    queryOptions({
      queryKey: [...products.all, id],
      queryFn: () => answer(api.GET("/api/v1/products/{id}/", { params: { path: { id } } })),
    }),
  prices: (product: string) =>
    queryOptions({
      queryKey: [...products.all, product, "prices"],
      queryFn: () => answer(api.GET("/api/v1/prices/", { params: { query: { product } } })),
    }),
  categories: queryOptions({
    queryKey: ["categories"],
    queryFn: () => answer(api.GET("/api/v1/categories/", { params: { query: { limit: MOST_CATEGORIES } } })),
    staleTime: 300_000,
  }),
  attributes: (category: string) =>
    queryOptions({
      queryKey: ["attributes", category],
      queryFn: () => answer(api.GET("/api/v1/attributes/", { params: { query: { category, limit: MOST_CATEGORIES } } })),
      staleTime: 300_000,
    }),
};
