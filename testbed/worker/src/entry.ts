/** The worker: what runs for every request, in one of many isolates. */

import { READY, isReady, written } from "./answer";
import { composed } from "./layers";
import { type Env, type Fetch, objectStep, split } from "./path";

export { Coalescer } from "./coalescer";

/** Kept from request to request, as the isolate is: its layers have memory. */
let fetchThrough: Fetch | undefined;

export default {
  fetch(request, env, ctx) {
    const { pathname } = new URL(request.url);
    if (pathname === `/${READY}`) return ready(request, env);
    fetchThrough ??= composed(split(env.PATH).outside, env);
    return written(
      fetchThrough({
        key: decodeURIComponent(pathname.slice(1)),
        requestId: request.headers.get("X-Request-Id") ?? "",
        waitUntil: (work) => ctx.waitUntil(work),
      }),
    );
  },
} satisfies ExportedHandler<Env>;

/** Go the whole way, or no further than here, for nothing: a measure of the way itself. */
function ready(request: Request, env: Env): Promise<Response> {
  const step = objectStep(env.PATH);
  const isForHere = request.headers.get("Max-Forwards") === "0";
  if (step === undefined || isForHere) return written(isReady());
  const ask = composed([step], env);
  return written(ask({ key: READY, requestId: "", waitUntil: () => undefined }));
}
