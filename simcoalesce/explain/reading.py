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
class Turn:
    """A dial, and what it is set to.

    Attributes:
        kind: The dial.
        setting: A factor, a number or a share, as the dial has it.
        text: What that changes, as a clause.
    """

    kind: str
    setting: float
    text: str

    def document(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {"dial": self.kind, "setting": self.setting, "text": self.text}


@dataclass(frozen=True)
class Reading:
    """A way to understand the report.

    Attributes:
        turns: What it changes.
        cost: How much it bends; a reported setting that is doubled costs two.
        misses: The observations that are false nevertheless.
    """

    turns: tuple[Turn, ...]
    cost: float
    misses: tuple[str, ...]

    @property
    def bends(self) -> tuple[str, ...]:
        """What it changes, each in words."""
        return tuple(turn.text for turn in self.turns)

    def document(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "bends": list(self.bends),
            "turns": [turn.document() for turn in self.turns],
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
    readings: tuple[Reading, ...]

    def document(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "misses": list(self.misses),
            "contradictions": [
                {"text": one.text, "against": list(one.against)}
                for one in self.contradictions
            ],
            "readings": [reading.document() for reading in self.readings],
        }
