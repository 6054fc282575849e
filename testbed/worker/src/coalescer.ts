/** The Durable Object: for each key that it stands for, one fetch at a time. */

import { DurableObject } from "cloudflare:workers";
import { type Answer, LET_IN, READY, type Served, failedInside, isReady, written } from "./answer";
import { Flights } from "./flights";
import { composed } from "./layers";
import {
  type Ask,
  type DurableObjectStep,
  type Env,
  type Fetch,
  objectStep,
  split,
} from "./path";

export class Coalescer extends DurableObject<Env> {
  private readonly flights: Flights;
  private readonly next: Fetch;
  private readonly step: DurableObjectStep;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const step = objectStep(env.PATH);
    if (step === undefined) throw new Error("the path has no durable_object");
    this.step = step;
    this.flights = new Flights(step.cleanup);
    this.next = composed(split(env.PATH).inside, env);
  }

  override async fetch(request: Request): Promise<Response> {
    const letIn_ms = Date.now();
    const key = decodeURIComponent(new URL(request.url).pathname.slice(1));
    const requestId = request.headers.get("X-Request-Id") ?? "";
    const answer = this.answer(key, requestId, letIn_ms);
    // Without `written` a failure leaves as an exception, not as a response.
    const response = await written(this.answersFailures ? answer : Promise.resolve(await answer));
    response.headers.set(LET_IN, String(letIn_ms));
    return response;
  }

  /** The same as a remote procedure call. */
  async serve(key: string, requestId: string): Promise<Served> {
    const letIn_ms = Date.now();
    return { ...(await this.answer(key, requestId, letIn_ms)), letIn_ms };
  }

  private get answersFailures(): boolean {
    return (this.step.on_error ?? "answers") === "answers";
  }

  private async answer(key: string, requestId: string, letIn_ms: number): Promise<Answer> {
    if (key === READY) return isReady();
    const ask: Ask = { key, requestId, waitUntil: (work) => this.ctx.waitUntil(work) };
    if (this.step.gate !== "block_concurrency") return this.served(ask);
    // An exception in here resets the object.
    if (this.step.on_error === "resets") {
      return this.ctx.blockConcurrencyWhile(() => this.served(ask));
    }
    const [outcome] = await this.ctx.blockConcurrencyWhile(() =>
      Promise.allSettled([this.served(ask)]),
    );
    if (outcome.status === "rejected") failedInside(outcome.reason, letIn_ms);
    return outcome.value;
  }

  private async served(ask: Ask): Promise<Answer> {
    const { storage_ms } = this.step;
    if (storage_ms === undefined) return this.join(ask);
    const { answer } = await this.afterStorage(ask.key, storage_ms, () => ({
      answer: this.join(ask),
    }));
    return answer;
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
    return this.flights.join(ask.key, () => this.stored(ask));
  }

  /** Fetch, and put what came into the object's own storage before it is answered. */
  private async stored(ask: Ask): Promise<Answer> {
    const answer = await this.next(ask);
    const { storage_after_ms } = this.step;
    if (storage_after_ms === undefined || !answer.cacheable) return answer;
    await this.ctx.storage.transaction(async (kept) => {
      await kept.put(ask.key, answer.body);
      await scheduler.wait(storage_after_ms);
    });
    return answer;
  }
}
