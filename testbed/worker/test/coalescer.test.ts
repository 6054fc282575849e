/** The object in a namespace of the runtime: its own input gate, its own mutex. */

import { deepEqual, equal } from "node:assert";
import { claim } from "./builders";

interface Bindings {
  PER_KEY: Fetcher;
  GLOBAL: Fetcher;
  MUTEX: Fetcher;
  STORAGE: Fetcher;
}

async function statuses(worker: Fetcher, ...keys: string[]): Promise<number[]> {
  const responses = await Promise.all(keys.map((key) => worker.fetch(`http://shop/${key}`)));
  return responses.map(({ status }) => status);
}

/** Ask for a slow product A, then for B; return who was answered first. */
async function first(worker: Fetcher, name: string): Promise<string> {
  const asked = (key: string) => worker.fetch(`http://shop/${key}`).then(() => key);
  const slow = asked(`slow-${name}`);
  await scheduler.wait(20);
  const quick = asked(`quick-${name}`);
  const winner = await Promise.race([slow, quick]);
  await Promise.all([slow, quick]);
  return winner;
}

async function callsOf(key: string): Promise<number> {
  return Number(await (await fetch(`http://origin/calls/${key}`)).text());
}

export const one_object_for_a_key_makes_one_call = claim<Bindings>(async ({ PER_KEY }) => {
  deepEqual(await statuses(PER_KEY, "one", "one", "one"), [200, 200, 200]);
  equal(await callsOf("one"), 1);
});

export const when_the_flight_is_over_the_next_visitor_calls_again = claim<Bindings>(
  async ({ PER_KEY }) => {
    await statuses(PER_KEY, "again");
    await statuses(PER_KEY, "again");

    equal(await callsOf("again"), 2);
  },
);

export const a_failure_is_shared_and_forgotten = claim<Bindings>(async ({ PER_KEY }) => {
  deepEqual(await statuses(PER_KEY, "429", "429"), [429, 429]);
  deepEqual(await statuses(PER_KEY, "429"), [429]);
  equal(await callsOf("429"), 2);
});

export const the_input_gate_lets_b_pass_a = claim<Bindings>(async ({ GLOBAL }) => {
  equal(await first(GLOBAL, "gate"), "quick-gate");
});

export const under_the_mutex_b_waits_for_a = claim<Bindings>(async ({ MUTEX }) => {
  equal(await first(MUTEX, "mutex"), "slow-mutex");
});

export const awaited_storage_lets_b_pass_a = claim<Bindings>(async ({ STORAGE }) => {
  equal(await first(STORAGE, "storage"), "quick-storage");
});

export const while_storage_is_awaited_nobody_is_let_in = claim<Bindings>(
  async ({ STORAGE }) => {
    const began = Date.now();
    await statuses(STORAGE, "queue-1", "queue-2", "queue-3");

    equal(Date.now() - began >= 3 * 40, true);
  },
);
