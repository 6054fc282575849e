"""Fitted values: what a log tells of one part of a scenario, and how well."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from typing_extensions import override

FEW_EVENTS: Final = 10
"""What fewer events than this say is hardly told."""
AS_ASKED: Final = "as asked for"
ASSUMED: Final = "not in this log: assumed"

Told = Literal["told", "hardly told", "not told"]


@dataclass(frozen=True, slots=True)
class CompanionFile:
    """A file that lies beside the scenario, e.g. the arrivals; it stands as a value.

    Attributes:
        name: What follows the scenario's own name: ``arrivals.csv.gz`` becomes
            ``sale-arrivals.csv.gz`` beside ``sale.yaml``.
        content: All of it.
    """

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Rival:
    """The best of the other values that were tried, and what speaks against it.

    Attributes:
        text: What it is, e.g. ``fixed window of 300 in 10s``.
        contradictions: How many events contradict it; None if they are not counted.
        sets: What it would set in the scenario, as `FittedValue.sets`; a back-test of
            it is shown beside that of the fitted value unless it is excluded.
        is_excluded: Whether the log excludes it.
    """

    text: str
    contradictions: int | None = None
    sets: Mapping[str, Any] = field(default_factory=dict)
    is_excluded: bool = True


@dataclass(frozen=True, slots=True)
class FittedValue:
    """What a log tells of one part of a scenario.

    Attributes:
        name: What it is, for the table and for other estimators, e.g. ``ttl``.
        sets: What it sets in the scenario: values as YAML has them (texts with units,
            numbers, lists, mappings, a `CompanionFile`) by their paths as ``-s`` takes
            them, e.g. ``{"cdn.ttl": "20s"}`` or ``{"traffic.arrivals[0]": {...}}``.
            Empty if the log does not tell and nothing has to be assumed.
        evidence: One sentence, the comment of its line: how it was found, from how
            many observations. Of what is assumed: why the log does not tell.
        events: How many observations it rests on; of fewer than 10 it is hardly told.
        interval: The 95 % interval, both ends as a scenario writes them.
        contradictions: How many events contradict it; None if they are not counted.
        rival: The best other value.
        uncertain: What ``run --uncertain`` draws: mappings of paths to a 95 % interval
            (``"118ms..122ms"``) or to a list of equally likely values; the paths of one
            mapping are drawn together (the same element of each list).
        is_assumed: Whether it is not in the log, and the scenario needs some value.
        text: The value as the table shows it; by default what it sets.
        result: What later estimators may read, such as keys of all requests; it is
            neither shown nor written.
    """

    name: str
    sets: Mapping[str, Any] = field(default_factory=dict)
    evidence: str = ""
    events: int = 0
    interval: tuple[str, str] | None = None
    contradictions: int | None = None
    rival: Rival | None = None
    uncertain: tuple[Mapping[str, Any], ...] = ()
    is_assumed: bool = False
    text: str = ""
    result: Any = field(default=None, repr=False, compare=False)

    @property
    def told(self) -> Told:
        """How well the log tells it."""
        if self.is_assumed or not (self.sets or self.text):
            return "not told"
        return "told" if self.events >= FEW_EVENTS else "hardly told"

    @property
    def as_rival(self) -> "FittedValue | None":
        """The same part with the rival's value; None if the log excludes that."""
        if self.rival is None or self.rival.is_excluded or not self.rival.sets:
            return None
        return replace(
            self,
            sets=self.rival.sets,
            text=self.rival.text,
            contradictions=self.rival.contradictions,
            interval=None,
            uncertain=(),
            rival=None,
        )


def not_told(name: str, why: str) -> FittedValue:
    """Return what says that a log does not tell a part, which then is left out."""
    return FittedValue(name, evidence=why)


def assumed(name: str, sets: Mapping[str, Any], why: str = "") -> FittedValue:
    """Return a value that a scenario needs and the log does not tell.

    Args:
        name: What it is.
        sets: As of `FittedValue`.
        why: What follows "not in this log: assumed", e.g. "every hit was fresh".
    """
    evidence = f"{ASSUMED}; {why}" if why else ASSUMED
    return FittedValue(name, sets, evidence, is_assumed=True)


@dataclass(frozen=True)
class FittedValues(Sequence[FittedValue]):
    """What was found so far, in the order in which it was found; names are unique."""

    values: tuple[FittedValue, ...] = ()

    @override
    def __len__(self) -> int:
        return len(self.values)

    @override
    def __getitem__(self, index: Any) -> Any:
        return self.values[index]

    @override
    def __iter__(self) -> Iterator[FittedValue]:
        return iter(self.values)

    def get(self, name: str) -> FittedValue | None:
        """Return what was found of a name; None if nobody looked for it."""
        return next((one for one in self.values if one.name == name), None)

    def result(self, name: str, default: Any = None) -> Any:
        """Return what the estimator of a name leaves for later ones, or a default."""
        found = self.get(name)
        return default if found is None or found.result is None else found.result

    def tells(self, name: str) -> bool:
        """Whether the log tells a value, well or hardly."""
        found = self.get(name)
        return found is not None and found.told != "not told"

    def plus(self, *found: FittedValue) -> "FittedValues":
        """Return these and more; one of the same name takes the former's place.

        An estimator may so correct what an earlier one found.
        """
        by_name = {one.name: one for one in (*self.values, *found)}
        return FittedValues(tuple(by_name.values()))
