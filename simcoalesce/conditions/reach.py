"""Reach: how far a finding extends beyond the runs that were made, and its words."""

from math import ceil, log, log1p
from typing import Any, NamedTuple

from typing_extensions import override

from simcoalesce.conditions.binomial import MISS, upper_bound
from simcoalesce.conditions.over_runs import RunShare

CERTAIN = "certain: nothing on the path can make it otherwise"


class Reach(NamedTuple):
    """In how many of the runs something was so, and in how many of all it can be.

    Attributes:
        counted: In how many of the runs; of a number that was the same in all, in how
            many it was another: 0.
        runs: How many runs.
        is_share: Whether a condition was counted; else how often a number was another.
        is_certain: Whether nothing on the path can make it otherwise.
    """

    counted: int
    runs: int
    is_share: bool = False
    is_certain: bool = False

    @classmethod
    def of_share(cls, known: RunShare) -> "Reach":
        """Return the reach of a share of the runs."""
        return cls(known.true, known.runs, is_share=True)

    @property
    def at_most_ratio(self) -> float | None:
        """The one-sided 95 % bound of the share of runs in which it is so."""
        if self.is_certain:
            return 0.0
        return upper_bound(self.counted, self.runs) if not self.counted else None

    @property
    def bound(self) -> str:
        """How many of all runs can be so, in words."""
        most = percent(upper_bound(0, self.runs))
        return f"at most {most} of runs"

    @override
    def __str__(self) -> str:
        if self.is_certain:
            return CERTAIN
        start = "" if self.is_share else "otherwise in "
        of = f"{start}{self.counted:,} of {self.runs:,} runs"
        if not self.counted:
            return f"{of}; so {self.bound}"
        if self.counted == self.runs:
            return f"{of}; so at least {percent(1 - upper_bound(0, self.runs))} of runs"
        return of

    def document(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "counted": self.counted,
            "runs": self.runs,
            "at_most_ratio": self.at_most_ratio,
            "certain": self.is_certain,
            "text": str(self),
        }


def percent(ratio: float) -> str:
    """Write a share in percent with two digits, above 10 % with one decimal.

    >>> percent(0.0950), percent(0.00997), percent(0.905)
    ('9.5 %', '1 %', '90.5 %')
    """
    value = ratio * 100
    return f"{value:.1f} %".replace(".0 %", " %") if value >= 10 else f"{value:.2g} %"


def runs_to_show_rare(rare_ratio: float) -> int:
    """Return how many equal runs show that another number is as rare as that.

    >>> runs_to_show_rare(0.01)
    299
    """
    return ceil(log(MISS) / log1p(-rare_ratio))
