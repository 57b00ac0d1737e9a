import { queryOptions } from "@tanstack/react-query";

import { answer, api, type Schema } from "@/api/client";
import { Problem } from "@/api/problem";

export type Me = Schema["Me"];

/** Who is signed in; ``null`` for nobody. Also fetches the CSRF cookie. */
export const me = queryOptions({
  queryKey: ["me"],
  queryFn: async (): Promise<Me | null> => {
    try {
      return await answer(api.GET("/api/v1/me/"));
    } catch (error) {
      if (error instanceof Problem && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: 60_000,
});
