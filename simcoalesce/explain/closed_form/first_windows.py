"""The first windows of several runs, and the arrival rate that they see."""

from typing import Final

from simcoalesce.experiment.single_run import run
from simcoalesce.explain.closed_form.first_window import (
    FirstBurst,
    FirstWindow,
    KeyAtLocation,
    busiest,
)
from simcoalesce.explain.closed_form.window_rate import rate_in_window
from simcoalesce.explain.scenario_edit import ScenarioEdit
from simcoalesce.explain.scenario_runner import RUNS_TO_COME
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.units import NS_PER_S, format_duration

_WINDOWS: Final = 10
"""So many miss windows behind the first one nothing is looked at."""
_LATER: Final = 2
"""How much later than in the first run a window may begin in a shorter run."""


class FirstWindows:
    """The first windows of a scenario under consecutive seeds.

    Attributes:
        scenario: The scenario.
        window_s: How long a window should last.
        seed: Of the first run.
        seeds: How many runs were made.
        firsts: The first window of each run that has one.
    """

    def __init__(self, scenario: Scenario, window_s: float, seed: int) -> None:
        """Begin without a run."""
        self.scenario = scenario
        self.window_s = window_s
        self.seed = seed
        self.seeds = 0
        self.firsts: list[FirstWindow] = []
        self._bursts: list[FirstBurst] = []
        self._key_at: KeyAtLocation | None = None
        self._short: Scenario | None = None

    @property
    def shortest(self) -> Scenario:
        """The scenario, as short as the runs that are made of it."""
        return self._short or self.scenario

    @property
    def rate_per_s(self) -> float:
        """The arrival rate that the windows see."""
        return rate_in_window(self._bursts, self.window_s)

    def add(self, runs: int) -> None:
        """Simulate under further seeds."""
        for _ in range(runs):
            burst = self._added(self._short) if self._short else None
            if burst is None:
                burst = self._added(self.scenario)
            if burst is not None and self._short is None:
                self._short = self._shortened(burst)
            self.seeds += 1

    def _added(self, scenario: Scenario) -> FirstBurst | None:
        """Keep the first window of a run; None if it has none."""
        outcomes = run(scenario, seed=self.seed + self.seeds, repeats=RUNS_TO_COME)
        if self._key_at is None:
            self._key_at = busiest(outcomes, scenario.path)
        burst = FirstBurst.of(outcomes, self.window_s, self._key_at)
        if burst is not None:
            self.firsts.append(FirstWindow.of(outcomes, burst, scenario.path))
            self._bursts.append(burst)
        return burst

    def _shortened(self, burst: FirstBurst) -> Scenario | None:
        """Return the scenario without what comes long after its first window."""
        begin_ns, lasts_s = int(burst.at_ns[0]), burst.lasts_s
        if lasts_s is None:
            return None
        looked_at_s = _WINDOWS * max(self.window_s, lasts_s)
        end_ns = _LATER * (begin_ns + round(looked_at_s * NS_PER_S))
        if end_ns >= self.scenario.duration_ns:
            return None
        edit = ScenarioEdit(self.scenario)
        edit.document["duration"] = format_duration(end_ns)
        try:
            return edit.scenario()
        except ValueError:
            return None
