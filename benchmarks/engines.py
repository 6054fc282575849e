"""By what it is simulated: an engine gets a case and how many requests, and counts."""

from collections.abc import Callable
from importlib.util import find_spec
from typing import Final, NamedTuple

from benchmarks import lindley, peers
from benchmarks.cases import Case, Counts
from benchmarks.lindley import Customers, customers
from benchmarks.plain import PlainSale, plain_queue
from simcoalesce.experiment.single_run import run, run_tally
from simcoalesce.metrics.registry import measure
from simcoalesce.metrics.tally import Tally
from simcoalesce.model.layers.kv_write import KvWrite
from simcoalesce.outcomes import Outcomes
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.traffic import GeneratedTraffic

Simulate = Callable[[Case, int], Counts]

SALES: Final = frozenset({"naive", "single_flight", "per_key", "global_blocking"})
NAIVE: Final = frozenset({"naive"})
QUEUE: Final = frozenset({"queue"})
ALL: Final = SALES | QUEUE | {"retry"}


class Engine(NamedTuple):
    """One way to simulate."""

    simulate: Simulate
    models: frozenset[str]
    """What it knows."""
    needs: str | None = None
    """The package without which it is left out."""
    most: int = 1_000_000
    """More requests than this would take it too long."""

    def knows(self, case: Case, requests: int) -> bool:
        """Whether it can simulate a case of some size."""
        is_here = self.needs is None or find_spec(self.needs) is not None
        return is_here and case.model in self.models and requests <= self.most


def counted(outcome: Outcomes | Tally) -> Counts:
    """Return what a run of the simulator counted."""
    found = measure(outcome)
    longest = (found["latency_max_s"], found["latency_error_max_s"])
    return Counts(
        requests=int(found["requests"] or 0),
        hits=int(found["cache_hits"] or 0),
        origin_hits=int(found["origin_hits"] or 0),
        longest_s=max(it for it in longest if it is not None),
    )


def simpy(case: Case, requests: int) -> Counts:
    """Run the readable engine, with a row for each request."""
    return counted(run(case.scenario(requests), engine="simpy"))


def compiled(case: Case, requests: int) -> Counts:
    """Run the compiled engine, with a row for each request."""
    return counted(run(_compiled(case, requests)))


def _compiled(case: Case, requests: int) -> Scenario:
    return case.scenario(requests).with_overrides("engine=compiled")


def tallied(case: Case, requests: int) -> Counts:
    """Run the compiled engine on one core as `simcoalesce run` does: without rows."""
    return counted(run_tally(_compiled(case, requests), shards=1))


def plain(case: Case, requests: int) -> Counts:
    """Run a model that is written by hand on SimPy."""
    if case.model == "queue":
        return _queueing(plain_queue)(case, requests)
    traffic, ttl_ns = _sale(case, requests)
    sale = PlainSale(case.model, ttl_ns)
    sale.run(traffic)
    hits = sum(row.is_hit for row in sale.rows)
    longest_ns = max(row.completed_at_ns - row.arrived_at_ns for row in sale.rows)
    return Counts(len(sale.rows), hits, sale.origin_hits, longest_ns / 1e9)


def _queueing(longest_s: Callable[[Customers], float]) -> Simulate:
    """Return an engine from what serves customers and finds the longest latency."""

    def simulate(case: Case, requests: int) -> Counts:
        queue = customers(case.scenario(requests))
        count = len(queue.service_ns)
        return Counts(count, 0, count, longest_s(queue))

    return simulate


def _selling(
    sale: Callable[[GeneratedTraffic, float], Counts],
    queue: Callable[[Customers], float],
) -> Simulate:
    """Return an engine from what knows the sale, and the queue."""

    def simulate(case: Case, requests: int) -> Counts:
        if case.model == "queue":
            return _queueing(queue)(case, requests)
        traffic, ttl_ns = _sale(case, requests)
        return sale(traffic, ttl_ns / 1e9)

    return simulate


def _sale(case: Case, requests: int) -> tuple[GeneratedTraffic, int]:
    """Return the traffic of a case, and the lifetime of entries, in nanoseconds."""
    scenario = case.scenario(requests)
    (put,) = (layer for layer in scenario.path if isinstance(layer, KvWrite))
    traffic = scenario.traffic.generate(
        seed=scenario.seed, duration_ns=scenario.duration_ns
    )
    return traffic, put.ttl_ns


_HAPPY: Final = _selling(peers.happysim_sale, peers.happysim_queue)
_SALABIM: Final = _selling(peers.salabim_sale, peers.salabim_queue)

ENGINES: Final[dict[str, Engine]] = {
    "plain SimPy": Engine(plain, SALES | QUEUE),
    "simcoalesce, SimPy": Engine(simpy, ALL),
    "simcoalesce, compiled": Engine(compiled, ALL, "llvmlite"),
    "the same, without rows": Engine(tallied, ALL, "llvmlite"),
    "Lindley, numpy": Engine(_queueing(lindley.with_numpy), QUEUE),
    "Lindley, numba": Engine(_queueing(lindley.with_numba), QUEUE, "numba"),
    "Ciw": Engine(_queueing(peers.ciw_queue), QUEUE, "ciw", 100_000),
    "happysim": Engine(_HAPPY, QUEUE | NAIVE, "happysimulator", 100_000),
    "salabim": Engine(_SALABIM, QUEUE | NAIVE, "salabim", 10_000),
}
"""The first is the base of the ratios; another engine is one more line."""
