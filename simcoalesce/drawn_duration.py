"""Durations of what is drawn: at most 30 days, where tables of quantiles end."""

from collections.abc import Iterable
from typing import Annotated, Any, Final

from pydantic import AfterValidator

from simcoalesce.run_bounds import LONGEST_DRAW_NS
from simcoalesce.units import Duration, PositiveDuration

_MOST_PARTS: Final = 30
"""Each has a table, and their mixture is made of all their values: a second."""


def _drawable(duration_ns: int) -> int:
    if duration_ns > LONGEST_DRAW_NS:
        raise ValueError(
            "what is drawn takes at most 30 days; write less, or a constant such as 60d"
        )
    return duration_ns


def _few(parts: tuple[Any, ...]) -> tuple[Any, ...]:
    if _count(parts) > _MOST_PARTS:
        raise ValueError(
            f"a mixture of more than {_MOST_PARTS} distributions, those within parts"
            " included; write {empirical: file.csv}"
        )
    return parts


def _count(parts: Iterable[Any]) -> int:
    return sum(_count(getattr(part.takes, "mixture", ())) or 1 for part in parts)


DrawnDuration = Annotated[Duration, AfterValidator(_drawable)]
"""A duration in whole nanoseconds, of at most 30 days."""

PositiveDrawnDuration = Annotated[PositiveDuration, AfterValidator(_drawable)]
"""A duration above zero, in whole nanoseconds, of at most 30 days."""

FewParts = AfterValidator(_few)
"""Of a mixture: no more parts than a table can be made of in a second."""
