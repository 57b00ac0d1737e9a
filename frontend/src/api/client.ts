import createClient, { type Middleware } from "openapi-fetch";

import { Problem } from "@/api/problem";
import type { components, paths } from "@/api/schema";

export type Schema = components["schemas"];

const WRITES = new Set(["POST", "PATCH", "PUT", "DELETE"]);

/** The value of Django's CSRF cookie; empty before the first answer. */
export function csrfToken(): string {
  return document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/)?.[1] ?? "";
}

/** A write carries the CSRF token, and a key by which the server recognises its repetition. */
const writing: Middleware = {
  onRequest({ request }) {
    request.headers.set("Accept-Language", document.documentElement.lang);
    if (WRITES.has(request.method)) request.headers.set("X-CSRFToken", csrfToken());
    if (request.method === "POST") request.headers.set("Idempotency-Key", crypto.randomUUID());
    return request;
  },
};

export const api = createClient<paths>({ baseUrl: "/", credentials: "same-origin" });
api.use(writing);

/** Await a call; give back its body, or throw the Problem the server described. */
export async function answer<Body>(
  call: Promise<{ data?: Body; error?: unknown; response: Response }>,
): Promise<Body> {
  const { data, error, response } = await call;
  if (!response.ok) throw Problem.of(response, error);
  return data as Body;
}

/** What a link of the server's own leads to, such as a document's journal. */
export async function get<Body>(url: string): Promise<Body> {
  const headers = { "Accept-Language": document.documentElement.lang };
  const response = await fetch(url, { credentials: "same-origin", headers });
  const said: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw Problem.of(response, said);
  return said as Body;
}

/** Cursors arrive as addresses; the next call wants only the cursor. */
export function cursorOf(next: string | null | undefined): string | undefined {
  return next ? (new URL(next, window.location.origin).searchParams.get("cursor") ?? undefined) : undefined;
}

/** A version as `If-Match` carries it. */
export const tagOf = (version: number): string => `"v${version}"`;

/** POST to an address the server itself offered, such as a step's. */
export async function post<Body>(url: string, body: unknown, version?: string): Promise<Body> {
  const headers: Record<string, string> = {
    "Content-Type": "application/json",
    "Accept-Language": document.documentElement.lang,
    "X-CSRFToken": csrfToken(),
    "Idempotency-Key": crypto.randomUUID(),
  };
  if (version) headers["If-Match"] = version;
  const response = await fetch(url, {
    method: "POST",
    credentials: "same-origin",
    headers,
    body: JSON.stringify(body ?? {}),
  });
  const said: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw Problem.of(response, said);
  return said as Body;
}
