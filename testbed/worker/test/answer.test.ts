import { deepEqual, equal, rejects } from "node:assert";
import { Refusal, cached, fetched, read, written } from "../src/answer";
import { anAnswer, claim } from "./builders";

export const what_is_written_is_read_again = claim(async () => {
  const answer = await read(await written(Promise.resolve(anAnswer())), 7);

  deepEqual(answer, { ...anAnswer(), inObject: { sent_ms: 7, letIn_ms: 7 } });
});

export const a_refusal_is_written_and_read_again = claim(async () => {
  const refusal = new Refusal(429, fetched("origin"), "7");

  await rejects(read(await written(Promise.reject(refusal)), 7), { status: 429, retryAfter: "7" });
});

export const cache_status_says_who_answered_and_why = claim(async () => {
  const response = await written(Promise.resolve({ ...anAnswer(), ...cached("kv") }));

  equal(response.headers.get("Cache-Status"), "kv; hit; detail=none");
});

export const an_error_of_the_worker_itself_is_a_500 = claim(async () => {
  const response = await written(Promise.reject(new TypeError("a mistake")));

  deepEqual([response.status, await response.text()], [500, ""]);
});

export const the_way_through_the_object_says_how_long_it_waited = claim(async () => {
  const waited = { ...anAnswer(), inObject: { sent_ms: 7, letIn_ms: 9 } };
  const response = await written(Promise.resolve(waited));

  equal(response.headers.get("Via"), "1.1 coalescer (7 9)");
});
