"""The idea of a parameter: a value that a report left out, or got wrong."""

from collections.abc import Mapping, Sequence
from functools import cache
from math import log2
from types import MappingProxyType
from typing import Any, ClassVar, Final, NamedTuple

from typing_extensions import override

from simcoalesce.discovery import members
from simcoalesce.explain.scenario_edit import ScenarioEdit
from simcoalesce.spec import NamedByFile
from simcoalesce.units import parse_duration

_STEPS: Final = 32
"""Values of a factor in each octave: 2 % apart."""


class Clause(NamedTuple):
    """What a parameter changed, as a clause with a place ``{}`` for its value.

    Attributes:
        says: The clause.
        value: The value.
        noun: What follows the value, before the range that fits: `` isolates``.
    """

    says: str
    value: str
    noun: str = ""

    @property
    def text(self) -> str:
        """The clause with its value."""
        return self.told(self.value)

    def told(self, value: str, fits: str = "") -> str:
        """Return the clause with a value, its noun, and the range that fits."""
        return self.says.format(f"{value}{self.noun}{fits}")


class Parameter(NamedByFile):
    """A parameter of the calibration; its distance from the report is a cost."""

    key: ClassVar[str]
    """The key of the scenario that it changes, as an override writes it."""
    grid: ClassVar[Sequence[float]]
    """The values that it can take, in order."""
    sides: ClassVar[Sequence[Sequence[int]]]
    """The points of the grid that a search tries first, from the outermost inwards on
    each side: where that one changes nothing, the others do not either."""
    is_mechanism: ClassVar[bool] = False
    """Whether it is another mechanism than the report has, and not another number: a
    rival hypothesis, which is told though others deviate less."""
    gives_up: ClassVar[Mapping[str, int]] = MappingProxyType({})
    """Metrics that are not what was observed if it is so: observations of these metrics
    alone need not be explained. Its values are how many statements each gives up."""
    is_of_bills: ClassVar[bool] = False
    """Whether it changes nothing but costs."""

    def adjust(self, edit: ScenarioEdit, setting: float) -> Clause:
        """Set the parameter in a scenario, and return the change as a clause.

        Raises:
            DoesNotApply: If there is nothing to change; the message says why.
        """
        raise NotImplementedError

    def distance(self, setting: float) -> float:
        """Return how far a value is from what the scenario says; a doubling is 1."""
        raise NotImplementedError

    def unit(self, edit: ScenarioEdit) -> float:  # noqa: ARG002
        """Return what a setting of 1 is in the unit in which people round it."""
        return 1.0


class Factor(Parameter):
    """A parameter that multiplies what the scenario says."""

    grid: ClassVar[Sequence[float]] = tuple(
        2 ** (step / _STEPS) for step in range(-5 * _STEPS, 5 * _STEPS + 1) if step
    )
    sides: ClassVar[Sequence[Sequence[int]]] = tuple(
        tuple(
            round((5 + side * octaves) * _STEPS) - (side > 0)
            for octaves in (2.5, 0.75, 0.0625)
        )
        for side in (-1, 1)
    )

    @override
    def distance(self, setting: float) -> float:
        return abs(log2(setting))


@cache
def parameters() -> tuple[Parameter, ...]:
    """Return all parameters of a calibration, in the order of the files."""
    found = members(Parameter, "simcoalesce.explain.calibration.parameters")
    return tuple(parameter.model_validate({}) for parameter in found.values())


def spread_out(grid: Sequence[float]) -> tuple[tuple[int, ...], ...]:
    """Return a handful of points all over a grid, each a side of its own.

    >>> spread_out((1, 2, 3)), spread_out(range(60))
    (((0,), (1,), (2,)), ((5,), (15,), (25,), (35,), (45,), (55,)))
    """
    step = max(len(grid) // 6, 1)
    return tuple((point,) for point in range(step // 2, len(grid), step))


def duration_ns(latency: Any) -> float:
    """Return a duration of nanoseconds, or the first of those that a latency has.

    >>> duration_ns("80ms"), duration_ns({"median": "2us", "p99": "1s"}), duration_ns(3)
    (80000000.0, 2000.0, 1.0)
    """
    if isinstance(latency, str):
        try:
            return float(parse_duration(latency) or 1)
        except ValueError:
            return 1.0
    parts = latency.values() if isinstance(latency, dict) else latency
    if isinstance(parts, (int, float)):
        return 1.0
    return next((ns for one in parts if (ns := duration_ns(one)) != 1.0), 1.0)
