import { csrfToken } from "@/api/client";
import { Problem } from "@/api/problem";

/** How much of a file has left this machine, from 0 to 1. */
export type OnSent = (share: number) => void;

/** POST a form with a file in it; a large one tells how far it is. Throws the Problem the server described. */
export function postForm<Body>(url: string, form: FormData, options: { version?: string; onSent?: OnSent } = {}): Promise<Body> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    for (const [name, value] of Object.entries(headersOf(options.version))) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => event.lengthComputable && options.onSent?.(event.loaded / event.total);
    request.onerror = () => reject(new TypeError("network"));
    request.onload = () => {
      const said: unknown = parsed(request.responseText);
      if (request.status >= 200 && request.status < 300) resolve(said as Body);
      else reject(Problem.of(new Response(null, { status: answered(request.status) }), said));
    };
    request.send(form);
  });
}

/** Fetch a file in the reader's language and hand it to the browser's downloads. Throws the Problem, if any. */
export async function download(url: string): Promise<void> {
  const response = await fetch(url, { credentials: "same-origin", headers: { "Accept-Language": document.documentElement.lang } });
  if (!response.ok) throw Problem.of(response, await response.json().catch(() => undefined));
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = address;
  link.download = nameIn(response.headers.get("Content-Disposition") ?? "");
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

function headersOf(version?: string): Record<string, string> {
  const headers = {
    "Accept-Language": document.documentElement.lang,
    "X-CSRFToken": csrfToken(),
    "Idempotency-Key": crypto.randomUUID(),
  };
  return version ? { ...headers, "If-Match": version } : headers;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** A status that ``Response`` can be made with; 0 stands for no answer at all. */
const answered = (status: number): number => (status >= 200 && status <= 599 ? status : 503);

/** The name a ``Content-Disposition`` gives, the one in any script before the plain one. */
function nameIn(disposition: string): string {
  const encoded = /filename\*=(?:UTF-8|utf-8)''([^;]+)/.exec(disposition)?.[1];
  if (encoded) return decodeURIComponent(encoded);
  return /filename="?([^";]+)"?/.exec(disposition)?.[1] ?? "download";
}
