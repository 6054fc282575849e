import { deepEqual, equal, rejects } from "node:assert";
import { Refusal, cached, fetched, read, written } from "../src/answer";
import { anAnswer, claim } from "./builders";

export const what_is_written_is_read_again = claim(async () => {
  const answer = await read(await written(Promise.resolve(anAnswer())));

  deepEqual(answer, { ...anAnswer(), viaObject: true });
});

export const a_refusal_is_written_and_read_again = claim(async () => {
  const refusal = new Refusal(429, fetched("origin"), "7");

  await rejects(read(await written(Promise.reject(refusal))), { status: 429, retryAfter: "7" });
});

export const cache_status_says_who_answered_and_why = claim(async () => {
  const response = await written(Promise.resolve({ ...anAnswer(), ...cached("kv") }));

  equal(response.headers.get("Cache-Status"), "kv; hit; detail=none");
});

export const an_error_of_the_worker_itself_is_a_500 = claim(async () => {
  const response = await written(Promise.reject(new TypeError("a mistake")));

  deepEqual([response.status, await response.text()], [500, ""]);
});
