/** A path: the steps of the worker's code, in their order, as a scenario writes them. */

import type { Answer, Served } from "./answer";
import type { Cleanup } from "./flights";

/** One request on its way. */
export interface Ask {
  readonly key: string;
  readonly requestId: string;
  /** Keeps what outlives the answer alive. */
  readonly waitUntil: (work: Promise<unknown>) => void;
}

export type Fetch = (ask: Ask) => Promise<Answer>;

export interface KvReadStep {
  kind: "kv.read";
}

export interface KvWriteStep {
  kind: "kv.write";
  ttl_s: number;
  acknowledge: "await" | "background";
  on_refused: "ignore" | "fail";
}

export interface SingleFlightStep {
  kind: "single_flight";
  cleanup: Cleanup;
  leader_bound: boolean;
}

export interface MemoryStep {
  kind: "memory";
  ttl_ms: number;
}

export interface DurableObjectStep {
  kind: "durable_object";
  id_from: "key" | "global" | { shards: number };
  gate: "input_gate" | "block_concurrency";
  cleanup: Cleanup;
  /** How the worker calls the object; by default with `fetch()`. */
  called_by?: "fetch" | "rpc";
  /**
   * What a failure under the mutex does: it is thrown inside and resets the object, is
   * caught and thrown once the mutex is free, or leaves as a response (the default).
   */
  on_error?: "resets" | "throws" | "answers";
  /** Distance to the object, each way; where it is deployed, the network adds it. */
  hop_ms: number;
  /** How long the object awaits its own storage first, if it does. */
  storage_ms?: number;
  /** How long it awaits that storage once more, for what a fetch has brought. */
  storage_after_ms?: number;
}

export interface OriginStep {
  kind: "origin";
}

export type Step =
  | KvReadStep
  | KvWriteStep
  | SingleFlightStep
  | MemoryStep
  | DurableObjectStep
  | OriginStep;

/** What the object can be asked as a remote procedure. */
export interface Callable extends Rpc.DurableObjectBranded {
  serve(key: string, requestId: string): Promise<Served>;
}

export interface Env {
  KV: KVNamespace;
  COALESCER: DurableObjectNamespace<Callable>;
  ORIGIN: string;
  PATH: Step[];
}

/** The steps that run in the isolate, and those that run in the object. */
export function split(path: Step[]): { outside: Step[]; inside: Step[] } {
  const end = path.findIndex((step) => step.kind === "durable_object") + 1;
  return end === 0
    ? { outside: path, inside: [] }
    : { outside: path.slice(0, end), inside: path.slice(end) };
}

/** The object's own step, if the path has one. */
export function objectStep(path: Step[]): DurableObjectStep | undefined {
  return path.find((step) => step.kind === "durable_object");
}
