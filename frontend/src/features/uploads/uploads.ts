import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { answer, api, cursorOf, type Schema, tagOf } from "@/api/client";
import { Problem } from "@/api/problem";
import type { Source } from "@/shared/grid/pages";
import type { Upload } from "@/shared/uploads/tables";

export type { Upload };
export type UploadRow = Schema["UploadRows"];
export type State = UploadRow["state"];
export type ReviewedRow = Schema["ReviewedRow"];
export type ConversionCount = Schema["ConversionCount"];
export type Nature = ConversionCount["nature"];
export type Missing = Schema["Missing"];
export type Fault = ReviewedRow["faults"][number];
export type FormatColumn = Schema["FormatColumn"];
export type Proposed = Schema["ProposedTable"];
export type Question = Proposed["questions"][number];

/** What the list is narrowed to; stands in the page's address. */
export type Narrowing = { state?: State; format?: string };
/** Which rows of a review are shown; stands in the page's address. */
export type Choice = {
  outcome?: Outcome;
  fault?: string;
  heading?: string;
  text?: string;
  /** With the place of its column, a kind of conversion. */
  conversion?: string;
  column?: string;
};
/** Which kinds of conversions are listed. */
export type ConversionChoice = { column?: string; conversion?: string; nature?: Nature };
export type Outcome = "new" | "changed" | "unchanged" | "faulty" | "left_out";
/** Where a person says that the headings of a table stand. */
export type Pointed = { table: string; rows: readonly number[] };

/** How often a page asks while a worker is at it. */
const ASKED_EVERY = 700;
const AT_WORK = new Set<State>(["uploaded", "reading", "applying", "stopping", "undoing"]);

export const isAtWork = (upload: Upload): boolean => AT_WORK.has(upload.state);

export const uploads = {
  all: ["uploads"] as const,
  list: (narrowing: Narrowing) =>
    infiniteQueryOptions({
      queryKey: [...uploads.all, "list", narrowing],
      initialPageParam: undefined as string | undefined,
      queryFn: ({ pageParam }) =>
        answer(api.GET("/api/v1/uploads/", { params: { query: { ...narrowing, cursor: pageParam } } })),
      getNextPageParam: (page) => cursorOf(page.next),
    }),
  one: (id: string) =>
    queryOptions({
      queryKey: [...uploads.all, id],
      queryFn: () => answer(api.GET("/api/v1/uploads/{id}/", { params: { path: { id } } })),
      refetchInterval: (query) => (query.state.data && isAtWork(query.state.data) ? ASKED_EVERY : false),
      refetchIntervalInBackground: true,
    }),
  columns: (upload: Upload, pointed: Pointed | null) =>
    queryOptions({
      queryKey: [...uploads.all, upload.id, "columns", upload.sha256, upload.state, pointed],
      queryFn: () => {
        const query = pointed ? { table: pointed.table, header_rows: pointed.rows.join(",") } : {};
        return answer(api.GET("/api/v1/uploads/{id}/columns/", { params: { path: { id: upload.id }, query } }));
      },
      staleTime: 60_000,
      refetchOnWindowFocus: false,
    }),
  rows: (upload: Upload, choice: Choice): Source<ReviewedRow> => ({
    key: [...uploads.all, upload.id, "rows", reviewOf(upload), choice],
    page: (offset, limit, signal) => {
      const params = { path: { id: upload.id }, query: { ...choice, ...placeOf(choice), offset, limit } };
      return answer(api.GET("/api/v1/uploads/{id}/rows/", { params, signal }));
    },
  }),
  missing: (upload: Upload): Source<Missing> => ({
    key: [...uploads.all, upload.id, "missing", reviewOf(upload)],
    page: (offset, limit, signal) => {
      const params = { path: { id: upload.id }, query: { offset, limit } };
      return answer(api.GET("/api/v1/uploads/{id}/missing/", { params, signal }));
    },
  }),
  conversions: (upload: Upload, chosen: ConversionChoice): Source<ConversionCount> => ({
    key: [...uploads.all, upload.id, "conversions", upload.version, chosen],
    page: (offset, limit, signal) => {
      const params = { path: { id: upload.id }, query: { ...chosen, ...placeOf(chosen), offset, limit } };
      return answer(api.GET("/api/v1/uploads/{id}/conversions/", { params, signal }));
    },
  }),
  /** The first of a choice, and how many there are. */
  conversion: (upload: Upload, chosen: ConversionChoice) =>
    queryOptions({
      queryKey: [...uploads.all, upload.id, "conversion", upload.version, chosen],
      queryFn: () => {
        const params = { path: { id: upload.id }, query: { ...chosen, ...placeOf(chosen), limit: 1 } };
        return answer(api.GET("/api/v1/uploads/{id}/conversions/", { params }));
      },
      placeholderData: (before) => before,
    }),
  faults: (upload: Upload) =>
    queryOptions({
      queryKey: [...uploads.all, upload.id, "faults", upload.version],
      queryFn: () => answer(api.GET("/api/v1/uploads/{id}/faults/", { params: { path: { id: upload.id } } })),
      placeholderData: (before) => before,
    }),
};

/** An address holds the place of a column as text. */
const placeOf = ({ column }: { column?: string }) => ({ column: column === undefined ? undefined : Number(column) });

/** Counts what happened to an upload but the mending of cells, which leaves a review what it is. */
const reviewOf = (upload: Upload): number => upload.version - upload.mended_count;

/** Write into cells of one row; the answer is the row judged again, and the version the upload has now. */
export async function mend(
  upload: Upload,
  number: number,
  cells: Record<string, string>,
): Promise<{ row: ReviewedRow; others: readonly ReviewedRow[]; version: number }> {
  const { data, error, response } = await api.PATCH("/api/v1/uploads/{id}/rows/{number}/", {
    params: { path: { id: upload.id, number }, header: { "If-Match": tagOf(upload.version) } },
    body: { cells },
  });
  if (!response.ok || !data) throw Problem.of(response, error);
  const { others, ...row } = data;
  return { row, others, version: Number(/\d+/.exec(response.headers.get("ETag") ?? "")?.[0] ?? upload.version) };
}
