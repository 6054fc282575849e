"""Scenario runner: measures scenarios under paired seeds, each of them once."""

from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from typing import Final

from simcoalesce.experiment.metric_values import MetricValues, metric_values
from simcoalesce.experiment.traffic_cache import TrafficCache, have_same_traffic
from simcoalesce.explain.run_plan import RunPlan
from simcoalesce.scenario.scenario import Scenario

RUNS_TO_COME: Final = 1_000
"""About how many runs an explanation takes: a hint on what is worth compiling."""

_Key = tuple[str, tuple[str, ...]]


_MANY_REQUESTS: Final = 20_000
"""A run of so many requests tells by itself what others tell on average."""


def seeds_to_search(scenario: Scenario) -> int:
    """Return under how many seeds to try what is only on the way to an answer."""
    requests = scenario.traffic.expected_requests(scenario.duration_ns)
    return 1 if requests > _MANY_REQUESTS else 3


class ScenarioRunner:
    """Measures scenarios under consecutive seeds, and remembers the results.

    Attributes:
        seed: Of the first replication; the i-th has seed + i.
        replications: How many seeds there are.
        runs: How many runs were simulated so far.
    """

    def __init__(
        self,
        *,
        seed: int,
        replications: int,
        on_run: Callable[[int, int], None] | None = None,
        pool: Executor | None = None,
        plan: RunPlan | None = None,
    ) -> None:
        """Begin with nothing measured.

        Args:
            seed: Of the first replication.
            replications: How many seeds there are.
            on_run: Called with the number of runs so far, and of how many there will
                be about, from time to time.
            pool: Processes that measure in parallel; none if absent.
            plan: How many runs there will be; unknown if absent.
        """
        self.seed = seed
        self.replications = replications
        self.runs = 0
        self._on_run = on_run
        self._pool = pool
        self._plan = plan or RunPlan({})
        self._known: dict[_Key, MetricValues] = {}
        # Of scenarios that differ by their bills alone, that with the most runs.
        self._known_runs: dict[_Key, MetricValues] = {}
        self._incident: Scenario | None = None
        # Most scenarios that are tried have the traffic of the incident.
        self._traffic_cache, self._other_traffic_cache = TrafficCache(), TrafficCache()

    def begin(self, phase: str) -> None:
        """Take note that a phase of the plan begins."""
        self._plan.begin(phase, self.runs)

    def measured(self, scenario: Scenario, seeds: int | None = None) -> MetricValues:
        """Return the metrics of a scenario under the first seeds, or under all."""
        wanted = self.replications if seeds is None else min(seeds, self.replications)
        known = self._known.get(_key(scenario))
        if known is None or known.replications < wanted:
            known = self._billed(scenario, wanted)
            known = known or self._extended(scenario, wanted)
            self._known[_key(scenario)] = known
        return known if known.replications == wanted else known.first(wanted)

    def prepare(self, scenarios: Iterable[Scenario], seeds: int | None = None) -> None:
        """Measure scenarios that are needed soon, in parallel if there is a pool."""
        if self._pool is None:
            return
        wanted = self.replications if seeds is None else min(seeds, self.replications)
        submitted = {}
        for one in {_key(one): one for one in scenarios}.values():
            known = self._known.get(_key(one))
            done = known.replications if known else 0
            if done < wanted:
                submitted[_key(one)] = self._pool.submit(
                    metric_values,
                    one,
                    seed=self.seed + done,
                    replications=wanted - done,
                    repeats=RUNS_TO_COME,
                )
        for said, soon in submitted.items():
            more, known = soon.result(), self._known.get(said)
            self._known[said] = more if known is None else known.joined(more)
            self._count(more.replications)

    def is_measured(self, scenario: Scenario) -> bool:
        """Say whether a scenario is measured under all seeds."""
        known = self._known.get(_key(scenario))
        return known is not None and known.replications >= self.replications

    def _billed(self, scenario: Scenario, wanted: int) -> MetricValues | None:
        """Return the metrics of runs that differ by their bill, if there are enough."""
        alike = self._known_runs.get(_run_key(scenario))
        if alike is None or alike.replications < wanted:
            return None
        return alike.first(wanted).billed(scenario.load_bill_terms())

    def _extended(self, scenario: Scenario, wanted: int) -> MetricValues:
        known = self._known.get(_key(scenario))
        done = known.replications if known else 0
        more = metric_values(
            scenario,
            seed=self.seed + done,
            replications=wanted - done,
            repeats=RUNS_TO_COME,
            traffic_cache=self._traffic_cache_of(scenario),
        )
        self._count(wanted - done)
        made = more if known is None else known.joined(more)
        self._known_runs[_run_key(scenario)] = made
        return made

    def _count(self, runs: int) -> None:
        self.runs += runs
        if self._on_run is not None:
            self._on_run(self.runs, self._plan.expected(self.runs))

    def _traffic_cache_of(self, scenario: Scenario) -> TrafficCache:
        if self._incident is None:
            self._incident = scenario
        is_usual = have_same_traffic(self._incident, scenario)
        return self._traffic_cache if is_usual else self._other_traffic_cache


def _key(scenario: Scenario) -> _Key:
    """Return what decides the numbers, and what else is counted."""
    return scenario.cache_key, scenario.selected_metrics


def _run_key(scenario: Scenario) -> _Key:
    """Return the same of all that decides its runs, whatever they cost."""
    return scenario.run_key, scenario.selected_metrics
