/** Runs the unit tests inside the runtime, and tells Node's test runner of each. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import test from "node:test";
import workerd from "workerd";

const config = fileURLToPath(new URL("tests.capnp", import.meta.url));
const ran = spawnSync(workerd.default ?? workerd, ["test", config, "--verbose"], {
  encoding: "utf8",
});
const verdicts = [...ran.stderr.matchAll(/\[ (PASS|FAIL) \] tests:(\S+)/g)];

test("the runtime runs the tests", () => {
  assert.notEqual(verdicts.length, 0, ran.stderr);
});
for (const [, verdict, name] of verdicts) {
  test(name.replaceAll("_", " "), () => assert.equal(verdict, "PASS", ran.stderr));
}
test("the runtime says that all is well", () => {
  assert.equal(ran.status, 0, ran.stderr);
});
