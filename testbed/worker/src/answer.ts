/** What comes back along a path, and the ways to fail. */

export type Lookup = "hit" | "miss";
export type Role = "none" | "leader" | "follower";

const UNKNOWN = "worker; fwd=uri-miss; detail=leader";

/** Instants of the wall clock; between them the request waits at the object's gate. */
export interface Stay {
  readonly sent_ms: number;
  readonly letIn_ms: number;
}

/** How an answer came about. */
export interface Trace {
  readonly lookup: Lookup;
  readonly role: Role;
  /** Who made the answer: a cache, the origin, or the worker itself. */
  readonly servedBy: string;
  /** When this very request was sent to the object, and let in; `null` if it was not. */
  readonly inObject: Stay | null;
}

/** Plain values only: an answer is shared between the requests that wait for it. */
export interface Answer extends Trace {
  readonly body: string;
  readonly cacheable: boolean;
}

/** What an object returns to a remote procedure call. */
export interface Served extends Answer {
  readonly letIn_ms: number;
}

/** An answer that is no content, on its way out as an exception. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly trace: Trace,
    readonly retryAfter: string | null = null,
  ) {
    // Of an exception that leaves an object only the message arrives.
    super(JSON.stringify({ status, trace, retryAfter }));
  }
}

/** The failure of a request that was let in, as an exception tells of it. */
export function failedInside(reason: unknown, letIn_ms: number): never {
  if (!(reason instanceof Refusal)) throw reason;
  const trace: Trace = { ...reason.trace, inObject: { sent_ms: letIn_ms, letIn_ms } };
  throw new Refusal(reason.status, trace, reason.retryAfter);
}

/** Read the exception that came out of an object; one that reset it is a 500. */
export function thrown(reason: unknown, sent_ms: number): Refusal {
  const { message, durableObjectReset } = reason as Error & { durableObjectReset?: boolean };
  try {
    if (durableObjectReset !== true) {
      const { status, trace, retryAfter } = JSON.parse(message);
      return new Refusal(status, { ...trace, inObject: { ...trace.inObject, sent_ms } }, retryAfter);
    }
  } catch {
    // It is an exception of the runtime.
  }
  const stay: Stay = { sent_ms, letIn_ms: Date.now() };
  return new Refusal(500, { ...fetched("worker"), role: "none", inObject: stay });
}

/** How something that was fetched for this request came about. */
export function fetched(servedBy: string): Trace {
  return { lookup: "miss", role: "leader", servedBy, inObject: null };
}

/** The same content as a cache serves it. */
export function cached(servedBy: string): Trace {
  return { lookup: "hit", role: "none", servedBy, inObject: null };
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
  return { ...answer, role: "follower", inObject: null };
}

/** The same for a fetch that failed. */
export function asFollowedFailure(reason: unknown): never {
  if (!(reason instanceof Refusal)) throw reason;
  const trace: Trace = { ...reason.trace, role: "follower", inObject: null };
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

/** Where the object says when it let a request in. */
export const LET_IN = "X-Let-In";

/** Read what the object wrote for a request that was sent to it. */
export async function read(response: Response, sent_ms: number): Promise<Answer> {
  const letIn_ms = Number(response.headers.get(LET_IN) ?? sent_ms);
  const cameAbout = traceOf(response.headers.get("Cache-Status") ?? UNKNOWN);
  const trace: Trace = { ...cameAbout, inObject: { sent_ms, letIn_ms } };
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

function headersOf({ lookup, role, servedBy, inObject }: Trace): Headers {
  // RFC 9211, e.g. `kv; hit; detail=none`, `origin; fwd=uri-miss; detail=follower`.
  const status = lookup === "hit" ? "hit" : "fwd=uri-miss";
  const headers = new Headers({ "Cache-Status": `${servedBy}; ${status}; detail=${role}` });
  if (inObject !== null) {
    headers.set("Via", `1.1 coalescer (${inObject.sent_ms} ${inObject.letIn_ms})`);
  }
  return headers;
}

function traceOf(cacheStatus: string): Omit<Trace, "inObject"> {
  const [servedBy, status, detail] = cacheStatus.split("; ");
  return {
    servedBy: servedBy ?? "worker",
    lookup: status === "hit" ? "hit" : "miss",
    role: (detail ?? "").replace("detail=", "") as Role,
  };
}
