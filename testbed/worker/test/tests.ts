/** All unit tests: the runtime runs each export that has a `test`. */

export * from "./answer.test";
export * from "./coalescer.test";
export * from "./flights.test";
export * from "./layers.test";
export * from "./path.test";
