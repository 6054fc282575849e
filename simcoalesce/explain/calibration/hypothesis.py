"""Readings: ways to understand a report, and what of it cannot all be true."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Contradiction:
    """An observation that is false if all others are taken as they stand.

    Attributes:
        text: The observation.
        against: The observations without any one of which it would be true.
    """

    text: str
    against: tuple[str, ...]


@dataclass(frozen=True)
class Adjustment:
    """A parameter, and what it is set to.

    Attributes:
        kind: The parameter.
        setting: A factor, a number or a share, as the parameter has it.
        text: What that changes, as a clause.
    """

    kind: str
    setting: float
    text: str

    def document(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {"dial": self.kind, "setting": self.setting, "text": self.text}


@dataclass(frozen=True)
class Hypothesis:
    """A way to understand the report.

    Attributes:
        turns: What it changes.
        cost: How much it bends; a reported setting that is doubled costs two.
        misses: The observations that are false nevertheless.
    """

    adjustments: tuple[Adjustment, ...]
    cost: float
    misses: tuple[str, ...]

    @property
    def deviation(self) -> tuple[str, ...]:
        """What it changes, each in words."""
        return tuple(adjust.text for adjust in self.adjustments)

    def document(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "bends": list(self.deviation),
            "turns": [adjust.document() for adjust in self.adjustments],
            "cost": self.cost,
            "misses": list(self.misses),
        }


@dataclass(frozen=True)
class Consistency:
    """What can be true of a report, all at once.

    Attributes:
        misses: The observations that are false under the plain reading.
        contradictions: What each of them is at odds with.
        readings: Readings under which all is true, the one that bends least first; if
            there is none, the one that misses least.
    """

    misses: tuple[str, ...]
    contradictions: tuple[Contradiction, ...]
    hypotheses: tuple[Hypothesis, ...]

    def document(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "misses": list(self.misses),
            "contradictions": [
                {"text": one.text, "against": list(one.against)}
                for one in self.contradictions
            ],
            "readings": [hypothesis.document() for hypothesis in self.hypotheses],
        }
