import { deepEqual, equal } from "node:assert";
import { type Step, objectStep, split } from "../src/path";
import { claim } from "./builders";

const OBJECT: Step = {
  kind: "durable_object",
  id_from: "key",
  gate: "input_gate",
  cleanup: "finally",
  hop_ms: 0,
};

export const what_follows_an_object_runs_in_it = claim(() => {
  const { outside, inside } = split([{ kind: "kv.read" }, OBJECT, { kind: "origin" }]);

  deepEqual(outside, [{ kind: "kv.read" }, OBJECT]);
  deepEqual(inside, [{ kind: "origin" }]);
});

export const without_an_object_all_runs_in_the_isolate = claim(() => {
  const { outside, inside } = split([{ kind: "kv.read" }, { kind: "origin" }]);

  deepEqual([outside.length, inside.length], [2, 0]);
  equal(objectStep(outside), undefined);
});
