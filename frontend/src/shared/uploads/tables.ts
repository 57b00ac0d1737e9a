import { queryOptions } from "@tanstack/react-query";

import { answer, api, type Schema } from "@/api/client";
import { type OnSent, postForm } from "@/api/sending";

export type Upload = Schema["Upload"];
export type Format = Schema["Format"];

/** What a person brings: a file, or a range copied from a spreadsheet program. */
export type Content = { file: File } | { text: string };
export type Purpose = { format: string; target?: string; currency?: string };

export const tables = {
  formats: queryOptions({
    queryKey: ["upload-formats"],
    queryFn: () => answer(api.GET("/api/v1/upload-formats/")),
    staleTime: 300_000,
  }),
  format: (code: string) =>
    queryOptions({
      queryKey: ["upload-formats", code],
      queryFn: () => answer(api.GET("/api/v1/upload-formats/{code}/", { params: { path: { code } } })),
      staleTime: 300_000,
    }),
  /** The kinds of tables that go into a document, and which of them the reader may bring now. */
  into: (document: string, version: number) =>
    queryOptions({
      queryKey: ["upload-formats", "into", document, version],
      queryFn: () => answer(api.GET("/api/v1/upload-formats/", { params: { query: { target: document } } })),
      staleTime: 60_000,
    }),
  /** The documents into which the reader may bring such a table now. */
  targets: (code: string, text: string) =>
    queryOptions({
      queryKey: ["upload-formats", code, "targets", text],
      queryFn: () => answer(api.GET("/api/v1/upload-formats/{code}/targets/", { params: { path: { code }, query: { text } } })),
      placeholderData: (before) => before,
    }),
  changes: (document: string) =>
    queryOptions({
      queryKey: ["upload-changes", document],
      queryFn: () => answer(api.GET("/api/v1/upload-changes/", { params: { query: { document } } })),
    }),
};

/** Send a table for a purpose; the answer is the upload as a worker begins with it. */
export function bring(content: Content, purpose: Purpose, onSent?: OnSent): Promise<Upload> {
  const form = formOf(content);
  for (const [name, value] of Object.entries(purpose)) if (value) form.set(name, value);
  return postForm<Upload>("/api/v1/uploads/", form, { onSent });
}

export function formOf(content: Content): FormData {
  const form = new FormData();
  if ("file" in content) form.set("file", content.file);
  else form.set("text", content.text);
  return form;
}
