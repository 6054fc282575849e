/** The layers: each wraps what comes next, as middleware does. */

import { type Answer, Refusal, cached, fetched, read, thrown } from "./answer";
import { Flights } from "./flights";
import type {
  Ask,
  Callable,
  DurableObjectStep,
  Env,
  Fetch,
  KvWriteStep,
  MemoryStep,
  SingleFlightStep,
  Step,
} from "./path";

/** The way of a request through all steps, the first one outermost. */
export function composed(steps: Step[], env: Env): Fetch {
  return steps.reduceRight<Fetch>((next, step) => wrapped(step, next, env), nowhere);
}

function wrapped(step: Step, next: Fetch, env: Env): Fetch {
  switch (step.kind) {
    case "kv.read":
      return kvRead(next, env.KV);
    case "kv.write":
      return kvWrite(step, next, env.KV);
    case "single_flight":
      return singleFlight(step, next);
    case "memory":
      return memory(step, next);
    case "durable_object":
      return durableObject(step, env.COALESCER);
    case "origin":
      return origin(env.ORIGIN);
  }
}

/** A hit returns at once; only a miss goes on. */
function kvRead(next: Fetch, kv: KVNamespace): Fetch {
  return async (ask) => {
    const body = await kv.get(ask.key);
    if (body === null) return next(ask);
    return { ...cached("kv"), body, cacheable: true };
  };
}

function kvWrite(step: KvWriteStep, next: Fetch, kv: KVNamespace): Fetch {
  return async (ask) => {
    const answer = await next(ask);
    if (!answer.cacheable) return answer;
    const put = kv.put(ask.key, answer.body, { expirationTtl: step.ttl_s });
    if (step.acknowledge === "background") {
      ask.waitUntil(put.catch(() => undefined));
      return answer;
    }
    try {
      await put;
    } catch {
      if (step.on_refused === "fail") throw new Refusal(500, { ...answer, servedBy: "kv" });
    }
    return answer;
  };
}

/** One fetch of a key at a time in this isolate. */
function singleFlight(step: SingleFlightStep, next: Fetch): Fetch {
  const flights = new Flights(step.cleanup);
  return (ask) => {
    const flight = flights.join(ask.key, () => next(ask));
    // Without this the flight dies with its leader's request, and followers hang on it.
    if (!step.leader_bound) ask.waitUntil(flight.catch(() => undefined));
    return flight;
  };
}

function memory(step: MemoryStep, next: Fetch): Fetch {
  const kept = new Map<string, { answer: Answer; until_ms: number }>();
  return async (ask) => {
    const found = kept.get(ask.key);
    if (found !== undefined && Date.now() < found.until_ms) return found.answer;
    const answer = await next(ask);
    if (answer.cacheable) {
      const hit: Answer = { ...answer, ...cached("memory") };
      kept.set(ask.key, { answer: hit, until_ms: Date.now() + step.ttl_ms });
    }
    return answer;
  };
}

/** Ask the object that coalesces the key. */
function durableObject(step: DurableObjectStep, namespace: DurableObjectNamespace<Callable>): Fetch {
  return async (ask) => {
    const stub = namespace.get(namespace.idFromName(nameOf(step, ask.key)));
    await hop(step);
    try {
      return await asked(step, stub, ask);
    } finally {
      await hop(step);
    }
  };
}

/** Ask an object; where it says so, its failures are exceptions. */
async function asked(
  step: DurableObjectStep,
  stub: DurableObjectStub<Callable>,
  ask: Ask,
): Promise<Answer> {
  const sent_ms = Date.now();
  let response: Response;
  try {
    if (step.called_by === "rpc") {
      const { letIn_ms, ...answer } = await stub.serve(ask.key, ask.requestId);
      return { ...answer, inObject: { sent_ms, letIn_ms } };
    }
    response = await stub.fetch(`http://coalescer/${encodeURIComponent(ask.key)}`, {
      headers: { "X-Request-Id": ask.requestId },
    });
  } catch (reason) {
    throw thrown(reason, sent_ms);
  }
  return read(response, sent_ms);
}

async function hop(step: DurableObjectStep): Promise<void> {
  if (step.hop_ms > 0) await scheduler.wait(step.hop_ms);
}

function nameOf(step: DurableObjectStep, key: string): string {
  if (step.id_from === "key") return key;
  if (step.id_from === "global") return "global";
  let hash = 0;
  for (const letter of key) hash = (hash * 31 + letter.charCodeAt(0)) >>> 0;
  return `shard-${hash % step.id_from.shards}`;
}

function origin(url: string): Fetch {
  return async (ask) => {
    const response = await fetch(`${url}/${encodeURIComponent(ask.key)}`, {
      headers: { "X-Request-Id": ask.requestId },
    });
    const body = await response.text();
    if (!response.ok) {
      const retryAfter = response.headers.get("Retry-After");
      throw new Refusal(response.status, fetched("origin"), retryAfter);
    }
    const cacheable = response.headers.get("Cache-Control") !== "no-store";
    return { ...fetched("origin"), body, cacheable };
  };
}

function nowhere(): Promise<Answer> {
  throw new Error("the path does not end at the origin");
}
