"""Precision: run until a metric is known well enough."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from simcoalesce.experiment.direction import known_metrics
from simcoalesce.experiment.estimate import Estimate, estimate
from simcoalesce.metrics import METRICS
from simcoalesce.units import NS_PER_S, parse_count, parse_duration, parse_rate

MOST_REPLICATIONS: Final = 10_000
"""Where a search for precision ends if nobody says where."""

_PRECISION: Final = re.compile(r"\s*(\w+)\s+within\s+(\S.*?)\s*")
_FEWEST: Final = 10
_AMOUNTS: Final[Mapping[str, Callable[[str], float]]] = {
    "s": lambda text: parse_duration(text) / NS_PER_S,
    "1": parse_count,
    "1/s": parse_rate,
}


@dataclass(frozen=True, slots=True)
class Precision:
    """How well a metric must be known: ``origin_hits within 2%``.

    Attributes:
        metric: Its name.
        amount: Half the width of the 95 % interval, at most: a share of the mean, or
            in the metric's unit.
        is_relative: Whether it is a share of the mean.
        written: As its author wrote it.
    """

    metric: str
    amount: float
    is_relative: bool
    written: str

    @classmethod
    def parse(cls, text: str) -> "Precision":
        """Return the precision that a text states.

        Raises:
            ValueError: If it states none; the message says what to write.
        """
        match = _PRECISION.fullmatch(text)
        if match is None:
            raise ValueError(
                f'"{text}" is no precision; write e.g. "origin_hits within 2%" or'
                ' "latency_p99_s within 5ms"'
            )
        (metric,) = known_metrics([match[1]])
        amount, is_relative = _amount(metric, match[2])
        if amount <= 0:
            raise ValueError(f'"{text}": nothing is known better than that')
        return cls(metric, amount, is_relative, " ".join(text.split()))

    def is_reached(self, replications: Sequence[Mapping[str, float | None]]) -> bool:
        """Return whether the runs so far are enough.

        It is asked after ten runs, and then whenever there are a tenth more: who asks
        after every run stops too early too often.

        Source:
            Law, Simulation Modeling and Analysis, 5th ed., section 9.4.1.
        """
        if not _is_asked_after(len(replications)):
            return False
        values = [measured[self.metric] for measured in replications]
        return self.is_met_by(estimate(values, unit=METRICS[self.metric].unit))

    def is_met_by(self, known: Estimate) -> bool:
        """Return whether an estimate is that precise."""
        if known.mean is None or known.high is None:
            return False
        limit = self.amount * (abs(known.mean) if self.is_relative else 1.0)
        return known.high - known.mean <= limit


def _is_asked_after(count: int) -> bool:
    asked = _FEWEST
    while asked < count:
        asked += max(asked // 10, 1)
    return asked == count


def _amount(metric: str, written: str) -> tuple[float, bool]:
    if written.endswith("%"):
        try:
            return float(written[:-1]) / 100, True
        except ValueError:
            raise ValueError(f'"{written}" is not a share; write e.g. 2%') from None
    unit = METRICS[metric].unit
    if unit not in _AMOUNTS:
        raise ValueError(f'"{written}" is no share of {metric}; write e.g. 2%')
    return _AMOUNTS[unit](written), False
