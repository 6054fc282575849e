/** The origin of the tests: a key's name says how it answers; it counts the calls. */

const calls = new Map<string, number>();

export default {
  async fetch(request) {
    const [first, second] = new URL(request.url).pathname.slice(1).split("/");
    if (first === "calls") return new Response(String(calls.get(second ?? "") ?? 0));
    const key = first ?? "";
    calls.set(key, (calls.get(key) ?? 0) + 1);
    await scheduler.wait(key.startsWith("slow") ? 300 : 20);
    if (key === "429") {
      return new Response(null, { status: 429, headers: { "Retry-After": "7" } });
    }
    const stored = key === "no-store" ? { "Cache-Control": "no-store" } : {};
    return new Response(`content of ${key}`, { headers: stored as HeadersInit });
  },
} satisfies ExportedHandler;
