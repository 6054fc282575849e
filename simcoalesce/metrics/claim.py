"""A claim about a metric, as an expectation states it: ``origin_hits <= 50``."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final, Literal

from typing_extensions import override

from simcoalesce.metrics.metric import Metric, Unit
from simcoalesce.metrics.registry import METRICS
from simcoalesce.units import (
    NS_PER_S,
    parse_count,
    parse_duration,
    parse_rate,
    parse_ratio,
)

Truth = Literal["holds", "fails", "open"]
"""Whether a claim is true of every value of an interval, of none, or of some."""

COMPARISONS: Final = ("<=", ">=", "==", "!=", "<", ">")

_CLAIM: Final = re.compile(r"\s*(\w+)\s*(<=|>=|==|!=|<|>)\s*([^\s<>=!][^<>=!]*?)\s*")
_MONEY: Final = re.compile(r"\$?\s*(\d[\d_]*(?:\.\d+)?|\.\d+)\s*(?:USD)?")


@dataclass(frozen=True, slots=True)
class Claim:
    """A metric, a comparison and a limit in the metric's unit.

    Attributes:
        metric: The metric's name.
        comparison: One of <=, >=, ==, !=, <, >.
        limit: In the unit of the metric: seconds for a latency.
        written: The claim as its author wrote it, with single spaces.
    """

    metric: str
    comparison: str
    limit: float
    written: str

    @classmethod
    def parse(cls, text: object) -> "Claim":
        """Return the claim that a text makes.

        Raises:
            ValueError: If the text is no comparison, the metric is unknown, or the
                limit is not written in the metric's unit.
        """
        match = _CLAIM.fullmatch(text) if isinstance(text, str) else None
        if match is None:
            raise ValueError(
                f'"{text}" is not an expectation; write a metric, one of'
                f" {' '.join(COMPARISONS)} and a value, e.g. origin_hits <= 50"
            )
        name, comparison, written_limit = match.groups()
        limit = _LIMITS[_known(name).unit](written_limit)
        return cls(name, comparison, limit, f"{name} {comparison} {written_limit}")

    @override
    def __str__(self) -> str:
        return self.written

    def truth(self, low: float, high: float) -> Truth:
        """Return whether the claim is true of all values in [low, high], or of none."""
        holds, fails = _TRUTHS[self.comparison](low, high, self.limit)
        return "holds" if holds else "fails" if fails else "open"


def _known(name: str) -> Metric:
    if name in METRICS:
        return METRICS[name]
    close = get_close_matches(name, METRICS, n=1)
    meant = f'; did you mean "{close[0]}"?' if close else "."
    raise ValueError(
        f'no metric "{name}"{meant} All names: simcoalesce schema, under "expect"'
    )


def _seconds(text: str) -> float:
    return parse_duration(text) / NS_PER_S


def _usd(text: str) -> float:
    match = _MONEY.fullmatch(text)
    if match is None:
        raise ValueError(f'"{text}" is not an amount; write e.g. 40 or 40 USD')
    return float(match[1].replace("_", ""))


_LIMITS: Final[Mapping[Unit, Callable[[str], float]]] = {
    "1": parse_count,
    "s": _seconds,
    "1/s": parse_rate,
    "ratio": parse_ratio,
    "USD": _usd,
}

_TRUTHS: Final[Mapping[str, Callable[[float, float, float], tuple[bool, bool]]]] = {
    "<=": lambda low, high, limit: (high <= limit, low > limit),
    "<": lambda low, high, limit: (high < limit, low >= limit),
    ">=": lambda low, high, limit: (low >= limit, high < limit),
    ">": lambda low, high, limit: (low > limit, high <= limit),
    "==": lambda low, high, limit: (low == high == limit, not low <= limit <= high),
    "!=": lambda low, high, limit: (not low <= limit <= high, low == high == limit),
}
"""For each comparison: is it true of the whole of [low, high], and of no part?"""
