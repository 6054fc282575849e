/** The Durable Object: for each key that it stands for, one fetch at a time. */

import { DurableObject } from "cloudflare:workers";
import { type Answer, LET_IN, READY, isReady, written } from "./answer";
import { Flights } from "./flights";
import { composed } from "./layers";
import { type Ask, type Env, type Fetch, objectStep, split } from "./path";

export class Coalescer extends DurableObject<Env> {
  private readonly flights: Flights;
  private readonly next: Fetch;
  private readonly isMutex: boolean;
  private readonly storageMs: number | undefined;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const step = objectStep(env.PATH);
    if (step === undefined) throw new Error("the path has no durable_object");
    this.flights = new Flights(step.cleanup);
    this.next = composed(split(env.PATH).inside, env);
    this.isMutex = step.gate === "block_concurrency";
    this.storageMs = step.storage_ms;
  }

  override async fetch(request: Request): Promise<Response> {
    const letIn_ms = Date.now();
    const response = await this.answered(request);
    response.headers.set(LET_IN, String(letIn_ms));
    return response;
  }

  private async answered(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === `/${READY}`) return written(isReady());
    const ask: Ask = {
      key: decodeURIComponent(pathname.slice(1)),
      requestId: request.headers.get("X-Request-Id") ?? "",
      waitUntil: (work) => this.ctx.waitUntil(work),
    };
    if (!this.isMutex) return this.served(ask);
    // An exception in here would reset the object, so a failure leaves as a response.
    return this.ctx.blockConcurrencyWhile(() => this.served(ask));
  }

  private async served(ask: Ask): Promise<Response> {
    if (this.storageMs === undefined) return written(this.join(ask));
    const { response } = await this.afterStorage(ask.key, this.storageMs, () => ({
      response: written(this.join(ask)),
    }));
    return response;
  }

  /**
   * Look into the object's own storage, then begin something.
   *
   * The input gate is shut while storage is awaited, and open again afterwards. Local
   * storage answers at once: a transaction can take as long as a real one.
   */
  private afterStorage<T>(key: string, takesMs: number, begin: () => T): Promise<T> {
    return this.ctx.storage.transaction(async (kept) => {
      await kept.get(key);
      if (takesMs > 0) await scheduler.wait(takesMs);
      return begin();
    });
  }

  private join(ask: Ask): Promise<Answer> {
    return this.flights.join(ask.key, () => this.next(ask));
  }
}
