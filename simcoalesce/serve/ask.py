"""One question of a page, and its answer: first from one run, then from many."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from simcoalesce.experiment.metric_values import MetricValues, metric_values
from simcoalesce.experiment.single_run import run
from simcoalesce.experiment.traffic_cache import have_same_traffic
from simcoalesce.outcomes import Outcomes
from simcoalesce.report.blocks.run_view import RunView
from simcoalesce.report.blocks.summary_sentence import sentence_of_run
from simcoalesce.report.panels.time_panels import panels
from simcoalesce.report.panels.time_view import TimeView, time_views
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.serve.numbers import metrics_shown, numbers_document
from simcoalesce.serve.request_points import request_points

RUNS: Final = 30
_STEPS: Final = (1, 2, 5, 10, 20, RUNS)
"""After so many runs the numbers are told anew."""

Told = Callable[[str, Any], None]
"""Called with the name of an event, and what it says."""


@dataclass
class Base:
    """The runs of the unchanged file, which every question is compared with.

    Attributes:
        scenario: That of the file.
        outcomes: Its first run.
        measured: What its runs measured, as far as they are done.
    """

    scenario: Scenario
    outcomes: Outcomes = field(init=False)
    measured: MetricValues | None = None

    def __post_init__(self) -> None:
        """Simulate the first run."""
        self.outcomes = run(self.scenario, repeats=RUNS)

    def first(self, runs: int) -> MetricValues:
        """Return what the first runs measured."""
        self.measured = measured_up_to(self.scenario, self.measured, runs)
        return self.measured.first(runs)


def measured_up_to(
    scenario: Scenario, so_far: MetricValues | None, runs: int
) -> MetricValues:
    """Return what a number of runs measured, of which some may be done already."""
    done = so_far.replications if so_far else 0
    if so_far is not None and done >= runs:
        return so_far
    more = metric_values(
        scenario, seed=scenario.seed + done, replications=runs - done, repeats=RUNS
    )
    return so_far.joined(more) if so_far else more


@dataclass(frozen=True)
class Question:
    """What a page asks: a scenario, and what it looks at.

    Attributes:
        scenario: The scenario of the page; that of the base if nothing is changed.
        base: The unchanged file.
        view: Which part of the run is shown: ``whole`` or ``stampede``.
    """

    scenario: Scenario
    base: Base
    view: str

    @classmethod
    def of(cls, scenario: Scenario, base: Base, view: str) -> "Question":
        """Return the question; of the base's own scenario if it is equal to it."""
        is_same = scenario.cache_key == base.scenario.cache_key
        is_same = is_same and scenario.expect == base.scenario.expect
        asked = base.scenario if is_same else scenario
        names = metrics_shown(asked, base.scenario)
        return cls(asked.with_metrics(*names) if not is_same else asked, base, view)

    @property
    def is_changed(self) -> bool:
        """Whether it is about another scenario than the file's."""
        return self.scenario is not self.base.scenario

    def charts(self) -> dict[str, Any]:
        """Simulate one run, and return what the charts show of it."""
        before = self.base.outcomes
        now = run(self.scenario, repeats=RUNS) if self.is_changed else before
        seed = self.scenario.seed
        ours = RunView(now, self.scenario, seed)
        theirs = RunView(before, self.base.scenario, seed)
        is_alike = have_same_traffic(self.scenario, self.base.scenario)
        views = time_views(theirs, ours) if is_alike else time_views(ours)
        view = _chosen(views, self.view)
        beside = before if is_alike else now
        return {
            "sentence": sentence_of_run(now),
            "seed": seed,
            "requests": len(now.request_rows.request),
            "view": view.document(),
            "views": [{"kind": one.kind, "name": one.name} for one in views],
            "panels": panels(now, beside, self.scenario, view),
            "points": request_points(now.request_rows, view),
            "warnings": [*self.scenario.warnings, *now.warnings],
        }

    def refine(self, told: Told, poll: Callable[[], None]) -> None:
        """Simulate run after run, and tell the numbers now and then.

        Args:
            told: Hears ``numbers`` and ``progress``.
            poll: Called between runs; may raise to end it.
        """
        known: MetricValues | None = None
        for done in range(1, RUNS + 1):
            poll()
            if self.is_changed:
                known = measured_up_to(self.scenario, known, done)
                poll()
            base = self.base.first(done)
            if done in _STEPS:
                told("numbers", self._numbers(known or base, base))
            else:
                told("progress", {"what": "runs", "done": done, "of": RUNS})

    def _numbers(self, known: MetricValues, base: MetricValues) -> dict[str, Any]:
        found = numbers_document(self.scenario, known, self.base.scenario, base)
        return {**found, "of": RUNS}


def _chosen(views: list[TimeView], kind: str) -> TimeView:
    """Return the view of a kind; the closest one if the page has not chosen."""
    return next((one for one in views if one.kind == kind), views[-1])
