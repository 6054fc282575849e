import { deepEqual, equal, rejects } from "node:assert";
import { type Cleanup, Flights } from "../src/flights";
import { aRefusal, anAnswer, claim, counted } from "./builders";

/** Let a fetch fail, then one succeed, each to its end; return the calls, and who failed. */
async function afterAFailure(cleanup: Cleanup) {
  const flights = new Flights(cleanup);
  let failures = 1;
  const origin = counted(() => {
    if (failures-- > 0) throw aRefusal();
    return anAnswer();
  });
  const statuses: string[] = [];
  for (let visitor = 0; visitor < 4; visitor += 1) {
    const joined = flights.join("A", () => origin.fetch({} as never));
    statuses.push(await joined.then(() => "answered", () => "failed"));
  }
  return { calls: origin.counts.calls, statuses };
}

export const who_joins_at_the_same_time_shares_one_fetch = claim(async () => {
  const flights = new Flights("finally");
  const origin = counted();
  const joined = [1, 2, 3].map(() => flights.join("A", () => origin.fetch({} as never)));

  const roles = (await Promise.all(joined)).map((answer) => answer.role);
  deepEqual(roles, ["leader", "follower", "follower"]);
  equal(origin.counts.calls, 1);
});

export const keys_do_not_share = claim(async () => {
  const flights = new Flights("finally");
  const origin = counted();
  await Promise.all(["A", "B"].map((key) => flights.join(key, () => origin.fetch({} as never))));

  equal(origin.counts.calls, 2);
});

export const followers_share_a_failure = claim(async () => {
  const flights = new Flights("finally");
  const failing = () => Promise.reject(aRefusal(429));
  const leader = flights.join("A", failing);
  const follower = flights.join("A", failing);

  await rejects(leader, { status: 429 });
  await rejects(follower, { status: 429 });
});

export const finally_lets_the_next_visitor_try_again = claim(async () => {
  const { calls, statuses } = await afterAFailure("finally");

  deepEqual(statuses, ["failed", "answered", "answered", "answered"]);
  equal(calls, 4);
});

export const then_alone_keeps_the_failure = claim(async () => {
  const { calls, statuses } = await afterAFailure("on_success");

  deepEqual(statuses, ["failed", "failed", "failed", "failed"]);
  equal(calls, 1);
});

export const catch_alone_keeps_the_first_success = claim(async () => {
  const { calls, statuses } = await afterAFailure("on_failure");

  deepEqual(statuses, ["failed", "answered", "answered", "answered"]);
  equal(calls, 2);
});

export const without_clean_up_the_failure_stays = claim(async () => {
  const { calls, statuses } = await afterAFailure("never");

  deepEqual(statuses, ["failed", "failed", "failed", "failed"]);
  equal(calls, 1);
});
