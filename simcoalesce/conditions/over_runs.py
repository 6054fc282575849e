"""What a statement asks of many runs: a mean, a share of the runs, or a quantile."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, inf
from typing import Final, Literal, NamedTuple

from simcoalesce.conditions.binomial import (
    MISS,
    at_least,
    lower_bound,
    runs_for,
    upper_bound,
)


class Summary(NamedTuple):
    """How the numbers of runs become one; `level` is that of a quantile."""

    kind: Literal["mean", "share", "quantile"]
    level: float = 0.0


MEAN: Final = Summary("mean")
SHARE: Final = Summary("share")


@dataclass(frozen=True, slots=True)
class RunShare:
    """In how many runs a condition is true.

    Attributes:
        true: In how many.
        runs: Of how many.
    """

    true: int
    runs: int

    @property
    def value(self) -> float:
        """The share."""
        return self.true / self.runs

    def bounds(self, miss: float = MISS) -> tuple[float, float]:
        """Return both one-sided bounds of the probability (Clopper and Pearson)."""
        lower = lower_bound(self.true, self.runs, miss)
        return lower, upper_bound(self.true, self.runs, miss)

    def runs_for(self, limit: float) -> int | None:
        """Return about how many runs part the share from a limit."""
        return runs_for(self.value, limit)


@dataclass(frozen=True, slots=True)
class RunQuantile:
    """A quantile of a number over runs, by its order statistics.

    Attributes:
        level: Which quantile, e.g. 0.95.
        values: The number in each run, in ascending order; at least one.
    """

    level: float
    values: Sequence[float]

    @property
    def value(self) -> float:
        """The smallest number that at least that share of the runs do not exceed."""
        count = len(self.values)
        return self.values[max(ceil(self.level * count - 1e-9), 1) - 1]

    def bounds(self, miss: float = MISS) -> tuple[float, float]:
        """Return both one-sided bounds; infinite where there are too few runs.

        Source:
            Hahn and Meeker, Statistical Intervals (1991), section 5.2: a number is the
            quantile or below it if too few of the runs exceed it to be chance.
        """
        count = len(self.values)
        above = 1 - self.level
        lower = _rank(count, above, miss)
        upper = _rank(count, self.level, miss)
        low = self.values[count - lower] if lower else -inf
        return low, self.values[upper - 1] if upper else inf

    def runs_for(self, limit: float) -> int | None:
        """Return about how many runs part the quantile from a limit."""
        within = sum(one <= limit for one in self.values)
        return runs_for(within / len(self.values), self.level)


OverRuns = RunShare | RunQuantile


def _rank(count: int, ratio: float, miss: float) -> int:
    """Return the rank, from 1, that a binomial count reaches with a chance of `miss`.

    0 if there is none: the smallest r with P(Bin(count, ratio) >= r) <= miss.
    """
    low, high = 0, count + 1
    while high - low > 1:
        middle = (low + high) // 2
        is_rare = at_least(middle, count, ratio) <= miss
        low, high = (low, middle) if is_rare else (middle, high)
    return high if high <= count else 0
