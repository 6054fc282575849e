"""What a metric is: a named number that an outcome of a run has, or has not."""

from collections.abc import Callable
from dataclasses import dataclass
from inspect import cleandoc
from typing import Literal

from simcoalesce.metrics.tally import Tally

Unit = Literal["1", "s", "1/s", "ratio", "USD"]
"""The unit of a metric: a count, seconds, per second, a share or a ratio, or money."""

Compute = Callable[[Tally], float | int | None]
"""Computes a metric from the tally of one run; None if the run has no such number."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A named number of a run.

    Attributes:
        name: As in the result document, in ``expect:`` and in tables.
        unit: The unit of the value.
        compute: How it follows from a tally; None if it needs a bill besides.
        missing: Why a run may have no such number; empty if every run has one.
        is_instant: Whether it is when something happens that may never happen, or how
            long until then: never is later than any time.
        about: What it says, where no docstring of a function does.
    """

    name: str
    unit: Unit
    compute: Compute | None
    missing: str = ""
    is_instant: bool = False
    about: str = ""

    @property
    def meaning(self) -> str:
        """What it says and how it is counted: paragraphs, the first one a sentence."""
        text = self.about or cleandoc(
            self.compute.__doc__ or "" if self.compute else ""
        )
        text = text.removeprefix("Return ")
        return text[:1].upper() + text[1:]
