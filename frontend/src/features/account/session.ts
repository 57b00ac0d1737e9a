import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { answer, api, csrfToken } from "@/api/client";
import { Problem } from "@/api/problem";
import { me } from "@/shared/me";

const AUTH = "/_allauth/browser/v1/auth";
const TOTP_WANTED = "mfa_authenticate";

export const memberships = queryOptions({
  queryKey: ["me", "memberships"],
  queryFn: () => answer(api.GET("/api/v1/me/memberships/")),
  staleTime: 60_000,
});

type AuthAnswer = {
  status: number;
  errors?: { message: string }[];
  data?: { flows?: { id: string; is_pending?: boolean }[] };
};

async function call(method: "POST" | "DELETE", path: string, body?: unknown): Promise<AuthAnswer> {
  const response = await fetch(`${AUTH}/${path}`, {
    method,
    credentials: "same-origin",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken(), "Accept-Language": document.documentElement.lang },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status: response.status, ...((await response.json().catch(() => ({}))) as object) };
}

/** What signing in led to: in, or a one-time code is still wanted. */
export type SignedIn = "in" | "code-wanted";

function outcome(said: AuthAnswer): SignedIn {
  if (said.status === 200) return "in";
  const pending = said.data?.flows?.some((flow) => flow.id === TOTP_WANTED && flow.is_pending);
  if (said.status === 401 && pending) return "code-wanted";
  throw new Problem(said.status, "sign-in", said.errors?.map((error) => error.message).join(" ") ?? "", "", []);
}

export const signIn = async (email: string, password: string): Promise<SignedIn> =>
  outcome(await call("POST", "login", { email, password }));

export const confirmCode = async (code: string): Promise<SignedIn> =>
  outcome(await call("POST", "2fa/authenticate", { code }));

/** Sign out and forget everything that was shown. */
export function useSignOut() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () => call("DELETE", "session"),
    onSuccess: () => {
      cache.clear();
      cache.setQueryData(me.queryKey, null);
    },
  });
}

/** Act for another of one's organisations; everything on screen is asked for anew. */
export function useActFor() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (organisation: string) => answer(api.POST("/api/v1/me/organisation/", { body: { organisation } })),
    onSuccess: () => cache.invalidateQueries(),
  });
}

/** The language one wants everywhere, mails included; the server remembers it with the account. */
export const rememberLanguage = (language: "en" | "zh-hans") => answer(api.PATCH("/api/v1/me/", { body: { language } }));
