/** The object in a namespace of the runtime: its own input gate, its own mutex. */

import { deepEqual, equal } from "node:assert";
import { claim } from "./builders";

interface Bindings {
  PER_KEY: Fetcher;
  GLOBAL: Fetcher;
  MUTEX: Fetcher;
  STORAGE: Fetcher;
  MUTEX_RPC: Fetcher;
  MUTEX_THROWS: Fetcher;
  MUTEX_RESETS: Fetcher;
}

const ANSWER_MS = 20;

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

/** Ask for some keys at once; return after how many ms each was answered, in order. */
async function instants(worker: Fetcher, ...keys: string[]): Promise<number[]> {
  const began = Date.now();
  const answered = (key: string) =>
    worker.fetch(`http://shop/${key}`).then(() => Date.now() - began);
  return (await Promise.all(keys.map(answered))).sort((one, other) => one - other);
}

/** Whether the first of some answers was out before the last fetch had even begun. */
function leaveOneByOne(instants_ms: number[]): boolean {
  return (instants_ms[0] ?? 0) < (instants_ms.length - 1) * ANSWER_MS;
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

export const responses_leave_a_mutex_behind_all_who_wait = claim<Bindings>(
  async ({ MUTEX }) => {
    const out = await instants(MUTEX, "out-1", "out-2", "out-3", "out-4");

    equal(leaveOneByOne(out), false);
  },
);

export const results_of_remote_procedure_calls_leave_a_mutex_at_once = claim<Bindings>(
  async ({ MUTEX_RPC }) => {
    const out = await instants(MUTEX_RPC, "rpc-1", "rpc-2", "rpc-3", "rpc-4");

    equal(leaveOneByOne(out), true);
  },
);

export const what_is_thrown_after_a_mutex_leaves_at_once = claim<Bindings>(
  async ({ MUTEX_THROWS }) => {
    const out = await instants(MUTEX_THROWS, "429", "429", "429", "429");

    equal(leaveOneByOne(out), true);
    deepEqual(await statuses(MUTEX_THROWS, "429", "fine"), [429, 200]);
  },
);

export const what_is_thrown_under_a_mutex_fails_all_who_wait = claim<Bindings>(
  async ({ MUTEX_RESETS }) => {
    const before = await callsOf("429");
    deepEqual(await statuses(MUTEX_RESETS, "429", "fine", "429"), [500, 500, 500]);

    equal((await callsOf("429")) - before, 1);
    deepEqual(await statuses(MUTEX_RESETS, "fine"), [200]);
  },
);
