"""Gates: by how much a metric may get worse before a build must stop."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from typing_extensions import override

from simcoalesce.experiment.compare import Comparison
from simcoalesce.experiment.difference import Difference
from simcoalesce.experiment.direction import DIRECTION, known_metrics
from simcoalesce.metrics import METRICS
from simcoalesce.units import NS_PER_S, parse_count, parse_duration, parse_ratio

GateState = Literal["open", "shut", "undecided"]
"""open: the build may go on; shut: the change is beyond the gate."""

_GATE: Final = re.compile(r"\s*(\w+)\s+(worse|higher|lower)(?:\s+by\s+(\S.*?))?\s*")
_AMOUNTS: Final[Mapping[str, Callable[[str], float]]] = {
    "s": lambda text: parse_duration(text) / NS_PER_S,
    "1": parse_count,
    "ratio": parse_ratio,
}


@dataclass(frozen=True, slots=True)
class RegressionGate:
    """A change that must not be: ``latency_p99_s worse by 5%``.

    Attributes:
        metric: Its name.
        sign: 1 if growing is what must not be, -1 if shrinking is.
        amount: By how much: a share of the base, or in the metric's unit.
        is_relative: Whether the amount is a share of the base.
        written: As its author wrote it.
    """

    metric: str
    sign: int
    amount: float
    is_relative: bool
    written: str

    @classmethod
    def parse(cls, text: str) -> "RegressionGate":
        """Return the gate that a text states.

        Raises:
            ValueError: If it states none; the message says what to write.
        """
        match = _GATE.fullmatch(text)
        if match is None:
            raise ValueError(
                f'"{text}" is no gate; write e.g. "latency_p99_s worse by 5%", or'
                ' "kv_writes higher by 10%"'
            )
        name, direction, written = match.groups()
        (metric,) = known_metrics([name])
        sign = _sign(metric, direction)
        amount, is_relative = _amount(metric, written or "0%")
        return cls(metric, sign, amount, is_relative, " ".join(text.split()))

    @override
    def __str__(self) -> str:
        return self.written

    def state(self, comparison: Comparison) -> GateState:
        """Return whether the change is beyond the gate, from its whole interval."""
        found = [d for d in comparison.differences if d.metric == self.metric]
        if not found:
            # Neither run has such a number: nothing got worse.
            return "open"
        return self._of(found[0])

    def _of(self, difference: Difference) -> GateState:
        change, base = difference.change, difference.base.mean
        if change.low is None or change.high is None or base is None:
            return "undecided"
        limit = self.amount * (abs(base) if self.is_relative else 1.0)
        ends = sorted((change.low * self.sign, change.high * self.sign))
        if ends[1] <= limit:
            return "open"
        return "shut" if ends[0] > limit else "undecided"


def _sign(metric: str, direction: str) -> int:
    if direction != "worse":
        return 1 if direction == "higher" else -1
    if metric not in DIRECTION:
        raise ValueError(
            f"neither more nor less of {metric} is worse in itself; write higher or"
            " lower"
        )
    return -DIRECTION[metric]


def _amount(metric: str, written: str) -> tuple[float, bool]:
    if written.endswith("%"):
        # More than all of it is possible: latency may be worse by 150%.
        try:
            return float(written[:-1]) / 100, True
        except ValueError:
            raise ValueError(f'"{written}" is not a share; write e.g. 5%') from None
    unit = METRICS[metric].unit
    if unit not in _AMOUNTS:
        raise ValueError(f'"{written}" is no share of {metric}; write e.g. 5%')
    return _AMOUNTS[unit](written), False
