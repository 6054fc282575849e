/** What comes back along a path, and the ways to fail. */

export type Lookup = "hit" | "miss";
export type Role = "none" | "leader" | "follower";

const UNKNOWN = "worker; fwd=uri-miss; detail=leader";

/** How an answer came about. */
export interface Trace {
  readonly lookup: Lookup;
  readonly role: Role;
  /** Who made the answer: a cache, the origin, or the worker itself. */
  readonly servedBy: string;
  /** Whether this very request asked the object. */
  readonly viaObject: boolean;
}

/** Plain values only: an answer is shared between the requests that wait for it. */
export interface Answer extends Trace {
  readonly body: string;
  readonly cacheable: boolean;
}

/** An answer that is no content, on its way out as an exception. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly trace: Trace,
    readonly retryAfter: string | null = null,
  ) {
    super(`${trace.servedBy} answered ${status}`);
  }
}

/** How something that was fetched for this request came about. */
export function fetched(servedBy: string): Trace {
  return { lookup: "miss", role: "leader", servedBy, viaObject: false };
}

/** The same content as a cache serves it. */
export function cached(servedBy: string): Trace {
  return { lookup: "hit", role: "none", servedBy, viaObject: false };
}

/** The key that no product has: the worker and its object answer it themselves. */
export const READY = ".ready";

/** An answer as long as that of an origin, for nothing. */
export async function isReady(): Promise<Answer> {
  return { ...fetched("worker"), body: READY.padEnd(2048), cacheable: false };
}

/** What the one that opened a flight gets of it. */
export function asLed(answer: Answer): Answer {
  return answer.role === "none" ? { ...answer, role: "leader" } : answer;
}

/** What one that waited for another's fetch gets of it. */
export function asFollowed(answer: Answer): Answer {
  return { ...answer, role: "follower", viaObject: false };
}

/** The same for a fetch that failed. */
export function asFollowedFailure(reason: unknown): never {
  if (!(reason instanceof Refusal)) throw reason;
  const trace: Trace = { ...reason.trace, role: "follower", viaObject: false };
  throw new Refusal(reason.status, trace, reason.retryAfter);
}

/** Write an answer, or a failure, as HTTP; `read` is its inverse. */
export async function written(answer: Promise<Answer>): Promise<Response> {
  try {
    const content = await answer;
    const headers = headersOf(content);
    headers.set("Content-Type", "application/json");
    if (!content.cacheable) headers.set("Cache-Control", "no-store");
    return new Response(content.body, { headers });
  } catch (reason) {
    const { status, trace, retryAfter } = asRefusal(reason);
    const headers = headersOf(trace);
    if (retryAfter !== null) headers.set("Retry-After", retryAfter);
    return new Response(null, { status, headers });
  }
}

/** Read what the object wrote. */
export async function read(response: Response): Promise<Answer> {
  const trace = traceOf(response.headers.get("Cache-Status") ?? UNKNOWN);
  const body = await response.text();
  if (!response.ok) {
    throw new Refusal(response.status, trace, response.headers.get("Retry-After"));
  }
  const cacheable = response.headers.get("Cache-Control") !== "no-store";
  return { ...trace, body, cacheable };
}

function asRefusal(reason: unknown): Refusal {
  if (reason instanceof Refusal) return reason;
  console.error(reason);
  return new Refusal(500, fetched("worker"));
}

function headersOf({ lookup, role, servedBy, viaObject }: Trace): Headers {
  // RFC 9211, e.g. `kv; hit; detail=none`, `origin; fwd=uri-miss; detail=follower`.
  const status = lookup === "hit" ? "hit" : "fwd=uri-miss";
  const headers = new Headers({ "Cache-Status": `${servedBy}; ${status}; detail=${role}` });
  if (viaObject) headers.set("Via", "1.1 coalescer");
  return headers;
}

function traceOf(cacheStatus: string): Trace {
  const [servedBy, status, detail] = cacheStatus.split("; ");
  return {
    servedBy: servedBy ?? "worker",
    lookup: status === "hit" ? "hit" : "miss",
    role: (detail ?? "").replace("detail=", "") as Role,
    viaObject: true,
  };
}
