/** What the tests are made of. */

import { type Answer, Refusal, fetched } from "../src/answer";
import type { Ask, Env, Fetch } from "../src/path";

/** A test as the runtime wants it. */
export function claim<Bindings = unknown>(run: (env: Bindings) => Promise<void> | void) {
  return { test: (_: unknown, env: Bindings) => run(env) };
}

export function anAnswer(body = "content"): Answer {
  return { ...fetched("origin"), body, cacheable: true };
}

export function aRefusal(status = 500): Refusal {
  return new Refusal(status, fetched("origin"));
}

export function anAsk(key = "A", waitUntil: Ask["waitUntil"] = () => undefined): Ask {
  return { key, requestId: "0", waitUntil };
}

/** A promise that the test settles when it likes. */
export function deferred<T>() {
  return Promise.withResolvers<T>();
}

/** An origin that counts its calls, each answered by `reply`. */
export function counted(reply: () => Promise<Answer> | Answer = () => anAnswer()) {
  const counts = { calls: 0 };
  const fetch: Fetch = async () => {
    counts.calls += 1;
    return reply();
  };
  return { counts, fetch };
}

/** A KV binding over a map; `put` waits for what the test says. */
export function aStore(put: () => Promise<void> = async () => undefined) {
  const values = new Map<string, string>();
  const kv = {
    get: async (key: string) => values.get(key) ?? null,
    put: async (key: string, value: string) => {
      await put();
      values.set(key, value);
    },
  };
  return { values, env: { KV: kv } as unknown as Env };
}
