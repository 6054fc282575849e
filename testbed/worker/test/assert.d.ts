/** What the tests use of the runtime's own `node:assert`. */
declare module "node:assert" {
  export function deepEqual(actual: unknown, expected: unknown): void;
  export function equal(actual: unknown, expected: unknown): void;
  export function rejects(promise: Promise<unknown>, expected: object): Promise<void>;
}
