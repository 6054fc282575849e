"""The idea of a parameter: a value that a report left out, or got wrong."""

from collections.abc import Sequence
from functools import cache
from math import log2
from typing import ClassVar, Final

from typing_extensions import override

from simcoalesce.discovery import members
from simcoalesce.explain.scenario_edit import ScenarioEdit
from simcoalesce.spec import NamedByFile

_STEPS: Final = 32
"""Values of a factor in each octave: 2 % apart."""


class Parameter(NamedByFile):
    """A parameter of the calibration; its distance from the report is a cost."""

    key: ClassVar[str]
    """The key of the scenario that it changes, as an override writes it."""
    grid: ClassVar[Sequence[float]]
    """The values that it can take, in order."""
    sides: ClassVar[Sequence[Sequence[int]]]
    """The points of the grid that a search tries first, from the outermost inwards on
    each side: where that one changes nothing, the others do not either."""

    def adjust(self, edit: ScenarioEdit, setting: float) -> str:
        """Set the parameter in a scenario, and return the change as a clause.

        Raises:
            DoesNotApply: If there is nothing to change; the message says why.
        """
        raise NotImplementedError

    def distance(self, setting: float) -> float:
        """Return how far a value is from what the scenario says; a doubling is 1."""
        raise NotImplementedError


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
