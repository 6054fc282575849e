/** The Durable Object: for each key that it stands for, one fetch at a time. */

import { DurableObject } from "cloudflare:workers";
import { type Answer, READY, isReady, written } from "./answer";
import { Flights } from "./flights";
import { composed } from "./layers";
import { type Ask, type Env, type Fetch, objectStep, split } from "./path";

export class Coalescer extends DurableObject<Env> {
  private readonly flights: Flights;
  private readonly next: Fetch;
  private readonly isMutex: boolean;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const step = objectStep(env.PATH);
    if (step === undefined) throw new Error("the path has no durable_object");
    this.flights = new Flights(step.cleanup);
    this.next = composed(split(env.PATH).inside, env);
    this.isMutex = step.gate === "block_concurrency";
  }

  override async fetch(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === `/${READY}`) return written(isReady());
    const ask: Ask = {
      key: decodeURIComponent(pathname.slice(1)),
      requestId: request.headers.get("X-Request-Id") ?? "",
      waitUntil: (work) => this.ctx.waitUntil(work),
    };
    if (!this.isMutex) return written(this.join(ask));
    // An exception in here would reset the object, so a failure leaves as a response.
    return this.ctx.blockConcurrencyWhile(() => written(this.join(ask)));
  }

  private join(ask: Ask): Promise<Answer> {
    return this.flights.join(ask.key, () => this.next(ask));
  }
}
