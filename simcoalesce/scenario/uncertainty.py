"""Uncertain values: what a log left open, drawn anew under each seed."""

from collections.abc import Iterator, Mapping, Sequence
from math import exp, log, sqrt
from statistics import NormalDist
from typing import Annotated, Any, Final, TypeAlias

from pydantic import AfterValidator

from simcoalesce.randomness import Stream
from simcoalesce.scenario.axis import Axis
from simcoalesce.suggestion import listed
from simcoalesce.yaml.writer import flow_text

_NORMAL: Final = NormalDist()
_Z_95: Final = _NORMAL.inv_cdf(0.975)
_LEAST: Final = 2.0**-54
_DIGITS: Final = 9
"""A draw is as exact as a person can check; no unit is coarser."""


def _checked(together: dict[str, Any]) -> dict[str, Any]:
    if not together or not all(together):
        raise ValueError("write e.g. {origin.latency: 118ms..122ms}")
    lists = [one for one in together.values() if not isinstance(one, str)]
    if len({*map(len, lists)}) > 1:
        raise ValueError("lists that are drawn together must be of the same length")
    if not all(lists):
        raise ValueError("an empty list; write e.g. [0.79, 0.81]")
    for key, one in together.items():
        if isinstance(one, str):
            axis = Axis.of(key, one)
            if not axis.low or axis.values:
                raise ValueError("write an interval without steps, e.g. 118ms..122ms")
    return together


Together: TypeAlias = Annotated[
    dict[str, str | tuple[Any, ...]], AfterValidator(_checked)
]
"""Paths of values that are drawn together: each with its 95 % interval, or with a list
of equally likely values, of which all paths take the same one."""


def drawn_values(
    together: Mapping[str, Any], written: Mapping[str, str | None], seed: int
) -> Iterator[tuple[str, str]]:
    """Yield the paths that are drawn together, each with its value under a seed.

    An interval is that of a normal distribution around the written value, with a spread
    of its own on each side; around the logarithm, where it is of positive numbers.

    Args:
        together: An entry of ``uncertain:``.
        written: What the scenario says of each path; None or a text that is no number
            is taken for the middle.
        seed: Of the run.
    """
    draw = max(Stream(seed, f"uncertain.{next(iter(together))}").uniform(0), _LEAST)
    for key, value in together.items():
        if isinstance(value, str):
            axis = Axis.of(key, value)
            share = _share(axis, written.get(key), _NORMAL.inv_cdf(draw) / _Z_95)
            yield key, axis.at(share, digits=_DIGITS)
        else:
            yield key, flow_text(value[int(draw * len(value))])


def _share(axis: Axis, written: str | None, steps: float) -> float:
    """Return where in an interval a value lies that is so many half-widths off."""
    low, high = axis.number(axis.low) or 0.0, axis.number(axis.high) or 0.0
    value = None if written is None else axis.number(written)
    if value is None or not low <= value <= high:
        value = sqrt(low * high) if low > 0 else (low + high) / 2
    end = high if steps > 0 else low
    if low > 0:
        drawn = value * exp(abs(steps) * log(end / value))
    else:
        drawn = max(value + (end - value) * abs(steps), 0.0)
    return (drawn - low) / (high - low)


def drawing_notes(uncertain: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield what the user must know of a result whose seeds drew values."""
    paths = [path for together in uncertain for path in together]
    yield f"each seed draws its own {listed(paths)} (uncertain:)"
