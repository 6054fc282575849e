"""What is simulated, and by what: a case is a scenario, an engine a function."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks.plain import PlainSale
from simcoalesce import Scenario
from simcoalesce.experiment.run import run
from simcoalesce.outcomes import Lookup, Outcomes

ROOT: Final = Path(__file__).parents[1]
_RATE_PER_S: Final = 2_000
"""That of the flash sale: 800 in 400 ms."""


class Counts(NamedTuple):
    """What all engines must agree on."""

    requests: int
    hits: int
    origin_hits: int


@dataclass(frozen=True)
class Case:
    """A path under steady traffic; `sizes` says with how many requests it is run."""

    name: str
    path: str = "[kv.read, kv.write, origin]"
    ttl: str = "60s"
    keys: str = "{kind: one}"
    isolates: int = 400
    origin: str = "{latency: 120ms}"
    coalescing: str | None = "naive"
    """The path's name in the plain model; None if that does not know it."""
    per_s: int = _RATE_PER_S
    sizes: tuple[int, ...] = (100_000,)
    file: str | None = None
    """A shipped scenario, instead of all of the above."""

    def scenario(self, requests: int) -> Scenario:
        """Return the case with so many requests."""
        if self.file:
            return Scenario.load(ROOT / "scenarios" / self.file)
        return Scenario.parse(
            f"version: 1\n"
            f"name: benchmark\n"
            f"duration: {requests / self.per_s:.6f}s\n"
            f"traffic:\n"
            f"  arrivals: [{{kind: burst, requests: {requests},"
            f" within: {requests / self.per_s:.6f}s}}]\n"
            f"  keys: {self.keys}\n"
            f"  isolates: {self.isolates}\n"
            f"kv: {{read_latency: 5ms, read_at: end, write_latency: 80ms,"
            f" ttl: {self.ttl}, writes_per_key: unlimited}}\n"
            f"origin: {self.origin}\n"
            f"path: {self.path}\n"
        )


_SIZES: Final = (800, 100_000, 1_000_000)
_OBJECT: Final = "{durable_object: {id_from: global, gate: block_concurrency}}"

CASES: Final = {
    case.name: case
    for case in (
        Case("stampede, all miss", ttl="1ns", sizes=_SIZES),
        Case("one key, 50 % hits", ttl="100ms"),
        Case("one key, 90 % hits", ttl="1700ms"),
        Case("one key, 99 % hits", ttl="20s"),
        Case("one key, 99.9 % hits", ttl="200s", sizes=(1_000_000,)),
        Case("10,000 Zipf keys", keys="{kind: zipf, s: 1, n: 10k}", sizes=_SIZES),
        Case(
            "single flight, 400 isolates",
            path="[kv.read, single_flight, kv.write, origin]",
            ttl="1ns",
            coalescing="single_flight",
        ),
        Case(
            "object per key",
            path="[kv.read, durable_object, kv.write, origin]",
            ttl="1ns",
            coalescing="per_key",
            sizes=_SIZES,
        ),
        Case(
            "global object, blocking",
            path=f"[kv.read, {_OBJECT}, kv.write, origin]",
            keys="{kind: zipf, s: 1, n: 100}",
            coalescing="global_blocking",
        ),
        Case("retry storm", file="retry-storm.yaml", coalescing=None, sizes=(10_619,)),
        Case(
            "M/M/1",
            path="[origin]",
            origin="{latency: {exponential: 8ms}, concurrency: 1}",
            coalescing="lindley",
            per_s=100,
            sizes=(100_000, 1_000_000),
        ),
    )
}


def counted(outcomes: Outcomes) -> Counts:
    """Return what a run of the simulator counted."""
    rows = outcomes.request_rows
    hits = int((rows.lookup == Lookup.HIT).sum())
    return Counts(len(rows.request), hits, len(outcomes.origin_rows.request))


def plain(case: Case, requests: int) -> Counts:
    """Run the plain model, or for M/M/1 the recursion, which is the limit."""
    scenario = case.scenario(requests)
    crowd = scenario.traffic.generate(
        seed=scenario.seed, duration_ns=scenario.duration_ns
    )
    if case.coalescing == "lindley":
        return _lindley(scenario)
    (put,) = (layer for layer in scenario.path if layer.kind == "kv.write")
    sale = PlainSale(str(case.coalescing), put.ttl_ns)
    sale.run(crowd)
    hits = sum(row.is_hit for row in sale.rows)
    return Counts(len(sale.rows), hits, sale.origin_hits)


def _lindley(scenario: Scenario) -> Counts:
    """Compute each wait from the one before: W' = max(0, W + S - A)."""
    crowd = scenario.traffic.generate(
        seed=scenario.seed, duration_ns=scenario.duration_ns
    )
    (origin,) = scenario.path
    service = origin.latency.sampler(scenario.seed, "origin.latency")
    free_at_ns, first, completed_at_ns = 0, 0, []
    for stretch in crowd.stretches:
        for request, at_ns in enumerate(stretch.arrived_at_ns.tolist(), start=first):
            free_at_ns = max(free_at_ns, at_ns) + service.draw(request, 0)
            completed_at_ns.append(free_at_ns)
        first += len(stretch)
    return Counts(first, 0, len(completed_at_ns))


def simpy(case: Case, requests: int) -> Counts:
    """Run the readable engine."""
    return counted(run(case.scenario(requests), engine="simpy"))


def compiled(case: Case, requests: int) -> Counts:
    """Run the compiled engine."""
    return counted(run(case.scenario(requests), engine="compiled"))


ENGINES: Final[dict[str, Callable[[Case, int], Counts]]] = {
    "plain": plain,
    "simpy": simpy,
    **({"compiled": compiled} if find_spec("numba") else {}),
}
"""Each gets a case and how many requests; another engine is one more line."""
