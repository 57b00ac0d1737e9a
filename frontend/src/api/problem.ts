/** One thing wrong: where, which rule, and why, in the reader's language. */
export type Fault = { pointer: string; code: string; detail: string };

type Refusal = { type?: string; title?: string; detail?: string; errors?: Fault[] };

/** An RFC 9457 problem document: the one shape in which the server says no. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    title: string,
    readonly detail: string,
    readonly faults: Fault[],
  ) {
    super(title);
    this.name = "Problem";
  }

  static of(response: Response, said: unknown): Problem {
    const { type = "", title, detail = "", errors = [] } = (said ?? {}) as Refusal;
    const code = type.replace("/problems/", "") || "unknown";
    return new Problem(response.status, code, title ?? response.statusText, detail, errors);
  }
}
