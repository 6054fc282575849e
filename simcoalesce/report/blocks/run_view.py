"""One run, as reports show it."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Self

from simcoalesce.outcomes import Outcomes
from simcoalesce.report.blocks.scenario_text import clock_text
from simcoalesce.report.rows.viewport import Viewport, largest_stampede, whole_run
from simcoalesce.scenario.scenario import Scenario

if TYPE_CHECKING:
    from simcoalesce.experiment.result import Result


@dataclass(frozen=True)
class RunView:
    """A run, and what there is to know of it.

    Attributes:
        outcomes: The run.
        scenario: Its scenario, for the clock and the limits; None works too.
        seed: Its seed; None if it is not known, as of an observed run.
    """

    outcomes: Outcomes
    scenario: Scenario | None = None
    seed: int | None = None

    @classmethod
    def of(cls, result: "Result") -> Self:
        """Return the first run of a result."""
        return cls(result.outcomes, result.scenario, result.seed)

    @property
    def starts_at(self) -> datetime | None:
        """The wall clock at t = 0, if the scenario has one."""
        return self.scenario.starts_at if self.scenario else None

    @cached_property
    def whole(self) -> Viewport:
        """The whole run."""
        return whole_run(self.outcomes)

    @cached_property
    def stampede(self) -> Viewport:
        """The largest stampede; the whole run where there is hardly anything else."""
        return largest_stampede(self.outcomes)

    def clock(self, at_ns: int, *, digits: int = 0) -> str:
        """Write an instant as the wall clock, or as the time of the run without one."""
        return clock_text(self.scenario, at_ns, digits=digits)

    def subtitle(self, viewport: Viewport) -> str:
        """Return the circumstances of a picture: the scenario, and what is shown."""
        name = self.scenario.title or self.scenario.name if self.scenario else ""
        return " · ".join(filter(None, [name, self.shown(viewport)]))

    def shown(self, viewport: Viewport) -> str:
        """Return which part of the run is shown, and of which run."""
        one_run = "one run" if self.seed is None else f"one run, seed {self.seed}"
        return f"{_part(self, viewport)} ({one_run})"


def _part(run: RunView, viewport: Viewport) -> str:
    if not viewport.is_zoomed:
        return str(viewport.focus)
    at = run.clock(viewport.zero_ns, digits=0 if run.starts_at else 3)
    window = viewport.window
    if window is None:
        return f"{viewport.focus}, at {at}"
    which = f"stampede {window.number} of {window.of}" if window.of > 1 else "stampede"
    keys, locations = run.outcomes.keys, run.outcomes.locations
    key = f', key "{keys[window.key]}"' if len(keys) > 1 else ""
    where = f", in {locations[window.location]}" if len(locations) > 1 else ""
    return f"{which}, at {at}{key}{where}"
