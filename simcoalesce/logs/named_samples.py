"""The fields of a log while it is told which of them says what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from simcoalesce.logs import sample_values as looks
from simcoalesce.logs.field_names import KnownName, known_name
from simcoalesce.logs.sample_values import mostly

Samples = Mapping[str, Sequence[Any]]
"""Name of a field: what the first lines say, None where it is not there."""


@dataclass
class Choice:
    """The fields of a log.

    Attributes:
        fields: Standard field: the name it is read from, or a template of several.
        units: Of numbers that are durations, and of times that count from a start.
        time_is: ``start`` or ``end``; empty if the log does not say.
        is_wall_clock: Whether its times are those of a clock.
        assumptions: What was taken for granted.
        questions: Standard field: the names it may be, if that is not certain.
        counts_seconds: Whether small numbers of times count seconds by a convention.
    """

    fields: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    time_is: str = ""
    is_wall_clock: bool = True
    assumptions: list[str] = field(default_factory=list)
    questions: dict[str, list[str]] = field(default_factory=dict)
    counts_seconds: bool = False

    def assume(self, sentence: str) -> None:
        """Say what is taken for granted."""
        self.assumptions.append(sentence)


class NamedSamples:
    """Fields, what their names say, and what they hold.

    Attributes:
        samples: What the first lines say.
        known: Of the names that are known, what they say.
    """

    def __init__(self, samples: Samples) -> None:
        self.samples = {name: values for name, values in samples.items() if name}
        self.known: dict[str, KnownName] = {}
        for name in self.samples:
            known = known_name(name)
            if known is not None:
                self.known[name] = known

    def called(self, *fields: str) -> list[str]:
        """Return the names known for one of these fields, the most usual first."""
        found = [name for name, one in self.known.items() if one.field in fields]
        return sorted(found, key=lambda name: self.known[name].rank)

    def fitting(self, field_name: str, test: looks.Test) -> list[str]:
        """Return the names known for a field that hold such values."""
        return [
            name for name in self.called(field_name) if mostly(test, self.samples[name])
        ]

    def holding(self, test: looks.Test) -> list[str]:
        """Return the names that hold such values, whatever they are called."""
        return [n for n, values in self.samples.items() if mostly(test, values)]
