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
    if (pathname === `/${READY}`) return ready(env);
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

/** Go the whole way, for nothing: a health check, and a measure of the way itself. */
function ready(env: Env): Promise<Response> {
  const step = objectStep(env.PATH);
  if (step === undefined) return written(isReady());
  const ask = composed([step], env);
  return written(ask({ key: READY, requestId: "", waitUntil: () => undefined }));
}
