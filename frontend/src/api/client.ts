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
