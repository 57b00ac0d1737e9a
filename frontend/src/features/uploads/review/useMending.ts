import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { type Choice, mend, type ReviewedRow, type Upload, uploads } from "@/features/uploads/uploads";
import type { Page } from "@/shared/grid/pages";

type Written = { number: number; cells: Record<string, string> };

/** Writing into cells. One after the other, as each mend needs the version that the one before left. */
export function useMending(upload: Upload, choice: Choice) {
  const cache = useQueryClient();
  const [mended, setMended] = useState<ReadonlySet<number>>(new Set());
  const one = uploads.one(upload.id).queryKey;
  const rows = [...uploads.all, upload.id, "rows"];
  const mutation = useMutation({
    scope: { id: `mend ${upload.id}` },
    mutationFn: ({ number, cells }: Written) => mend(cache.getQueryData<Upload>(one) ?? upload, number, cells),
    onSuccess: ({ row, others, version }) => {
      cache.setQueryData<Upload>(one, (now) => now && { ...now, version, mended_count: now.mended_count + 1 });
      const judged = new Map([row, ...others].map((one) => [one.number, one]));
      cache.setQueriesData<Page<ReviewedRow>>({ queryKey: rows }, (page) => page && withRows(page, judged));
      setMended((before) => new Set([...before, row.number]));
      // In a narrowed list the row stays where it is until the list is asked for anew.
      const isNarrowed = Object.values(choice).some(Boolean);
      void cache.invalidateQueries({ queryKey: rows, refetchType: isNarrowed ? "none" : "active" });
    },
    // The upload alone: its rows stay as they are shown.
    onSettled: () => cache.invalidateQueries({ queryKey: one, exact: true }),
  });
  const refresh = () => {
    setMended(new Set());
    void cache.invalidateQueries({ queryKey: rows });
  };
  return { mutation, mended, refresh };
}

/** The page with the rows that were judged again, each where it stood. */
function withRows(page: Page<ReviewedRow>, judged: ReadonlyMap<number, ReviewedRow>): Page<ReviewedRow> {
  if (!page.results.some((one) => judged.has(one.number))) return page;
  return { ...page, results: page.results.map((one) => judged.get(one.number) ?? one) };
}
