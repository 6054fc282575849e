import { deepEqual, equal, rejects } from "node:assert";
import { composed } from "../src/layers";
import type { Env, KvWriteStep, Step } from "../src/path";
import { aStore, anAsk, claim, deferred } from "./builders";

const READ: Step = { kind: "kv.read" };
const WRITE: KvWriteStep = {
  kind: "kv.write",
  ttl_s: 60,
  acknowledge: "await",
  on_refused: "ignore",
};
const ORIGIN: Step = { kind: "origin" };

/** Bindings of a worker whose origin is the one of these tests. */
function bound(env: Env): Env {
  return { ...env, ORIGIN: "http://origin" };
}

export const a_kv_hit_returns_at_once = claim(async () => {
  const { values, env } = aStore();
  values.set("A", "kept");
  const answer = await composed([READ], bound(env))(anAsk());

  deepEqual([answer.body, answer.lookup, answer.servedBy], ["kept", "hit", "kv"]);
});

export const only_a_miss_goes_on = claim(async () => {
  const { env } = aStore();
  const answer = await composed([READ, ORIGIN], bound(env))(anAsk("only-a-miss"));

  deepEqual([answer.body, answer.lookup], ["content of only-a-miss", "miss"]);
});

export const an_awaited_write_is_done_before_the_answer = claim(async () => {
  const { values, env } = aStore();
  await composed([WRITE, ORIGIN], bound(env))(anAsk("awaited"));

  equal(values.get("awaited"), "content of awaited");
});

export const a_background_write_does_not_hold_up_the_answer = claim(async () => {
  const put = deferred<void>();
  const { values, env } = aStore(() => put.promise);
  const kept: Promise<unknown>[] = [];
  const step: Step = { ...WRITE, acknowledge: "background" };
  await composed([step, ORIGIN], bound(env))(anAsk("background", (work) => kept.push(work)));

  deepEqual([kept.length, values.size], [1, 0]);
  put.resolve();
  await kept[0];
  equal(values.size, 1);
});

export const a_refused_write_goes_unnoticed_or_fails = claim(async () => {
  const refused = () => Promise.reject(new Error("KV PUT failed: 429 Too Many Requests"));
  const { env } = aStore(refused);
  const ignoring = await composed([WRITE, ORIGIN], bound(env))(anAsk("refused"));
  const failing = composed([{ ...WRITE, on_refused: "fail" }, ORIGIN], bound(env));

  equal(ignoring.body, "content of refused");
  await rejects(failing(anAsk("refused")), { status: 500 });
});

export const what_may_not_be_stored_is_not = claim(async () => {
  const { values, env } = aStore();
  await composed([WRITE, ORIGIN], bound(env))(anAsk("no-store"));

  equal(values.size, 0);
});

export const a_refusal_of_the_origin_keeps_its_status_and_retry_after = claim(async () => {
  const { env } = aStore();
  const asked = composed([ORIGIN], bound(env))(anAsk("429"));

  await rejects(asked, { status: 429, retryAfter: "7" });
});

export const memory_serves_until_its_ttl_is_over = claim(async () => {
  const { env } = aStore();
  const step: Step = { kind: "memory", ttl_ms: 50 };
  const fetch = composed([step, ORIGIN], bound(env));
  const first = await fetch(anAsk("memory"));
  const second = await fetch(anAsk("memory"));
  await scheduler.wait(60);
  const third = await fetch(anAsk("memory"));

  const served = [first, second, third].map((answer) => answer.servedBy);
  deepEqual(served, ["origin", "memory", "origin"]);
});

export const a_flight_in_an_isolate_outlives_its_leader = claim(async () => {
  const { env } = aStore();
  const kept: Promise<unknown>[] = [];
  const step: Step = { kind: "single_flight", cleanup: "finally", leader_bound: false };
  await composed([step, ORIGIN], bound(env))(anAsk("flight", (work) => kept.push(work)));

  equal(kept.length, 1);
});

export const a_leader_bound_flight_does_not = claim(async () => {
  const { env } = aStore();
  const kept: Promise<unknown>[] = [];
  const step: Step = { kind: "single_flight", cleanup: "finally", leader_bound: true };
  await composed([step, ORIGIN], bound(env))(anAsk("flight", (work) => kept.push(work)));

  equal(kept.length, 0);
});
