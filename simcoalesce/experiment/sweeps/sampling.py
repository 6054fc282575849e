"""Sampling: which points of the space between the axes a sweep looks at."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from itertools import product
from math import prod
from typing import Any, Final, TypeAlias

from simcoalesce.randomness import Stream
from simcoalesce.scenario.axis import Axis

Point: TypeAlias = tuple[str, ...]
"""One value for each axis, in their order."""

Shares: TypeAlias = Iterator[Sequence[float]]
"""For each point, where on each axis it lies, in [0, 1)."""

MOST_POINTS: Final = 1_000_000
_DIGITS: Final = 6
"""Enough to keep the points of a large sample apart."""

_SAMPLE: Final = re.compile(r"(grid|oat)|(random|lhs|sobol|saltelli):(\d{1,7})")


def points(
    axes: Sequence[Axis],
    sample: str = "grid",
    *,
    seed: int = 1,
    baseline: Sequence[str] = (),
) -> list[Point]:
    """Return the points of a sweep, each once.

    Args:
        axes: The parameters.
        sample: ``grid``, ``oat`` (one at a time: each axis through its values while
            the others stay), ``random:N``, ``lhs:N`` (Latin hypercube), ``sobol:N`` or
            ``saltelli:N`` (N points for each axis and two more, for Sobol indices).
        seed: Decides where random points lie.
        baseline: What the scenario says on each axis, for ``oat``.

    Raises:
        ValueError: If the axes have no values for a grid, are given twice, or the
            sample is none.
    """
    match = _SAMPLE.fullmatch(sample)
    if match is None:
        raise ValueError(
            f'"{sample}" is no sample; write grid, oat, random:200, lhs:200 or'
            " sobol:256"
        )
    if len({axis.key for axis in axes}) < len(axes):
        raise ValueError("a parameter stands on two axes")
    whole, method, count = match.groups()
    if whole:
        _check_grid(axes)
        found = _GRIDS[whole](axes, baseline)
    else:
        found = _sampled(axes, method, int(count), seed)
    return list(dict.fromkeys(found))


def saltelli_points(axes: Sequence[Axis], count: int, seed: int) -> list[Point]:
    """Return the points of ``saltelli:N`` in their order, equal ones repeated.

    Returns:
        N points A, N points B, and for each axis A with the values of B on this axis.

    Raises:
        ValueError: If N is no power of two, or the points are too many.
    """
    return [*_sampled(axes, "saltelli", count, seed)]


def _sampled(
    axes: Sequence[Axis], method: str, count: int, seed: int
) -> Iterator[Point]:
    for shares in _SHARES[method](len(axes), count, seed):
        yield tuple(map(partial(Axis.at, digits=_DIGITS), axes, shares))


def _check_grid(axes: Sequence[Axis]) -> None:
    for axis in axes:
        if not axis.values:
            raise ValueError(
                f"{axis.key}: how many steps? Write {axis.low}..{axis.high}/5 or /5log,"
                " or take a sample: --sample lhs:200"
            )
    count = prod(len(axis.values) for axis in axes)
    if count > MOST_POINTS:
        raise ValueError(f"a grid of {count:,} points; the most is {MOST_POINTS:,}")


def _grid(axes: Sequence[Axis], _: Sequence[str]) -> Iterator[Point]:
    yield from product(*(axis.values for axis in axes))


def _one_at_a_time(axes: Sequence[Axis], baseline: Sequence[str]) -> Iterator[Point]:
    yield tuple(baseline)
    for index, axis in enumerate(axes):
        for value in axis.values:
            yield (*baseline[:index], value, *baseline[index + 1 :])


def _random(axes: int, count: int, seed: int) -> Shares:
    streams = [Stream(seed, f"sweep.random.{axis}") for axis in range(axes)]
    for point in range(count):
        yield [stream.uniform(point) for stream in streams]


def _latin_hypercube(axes: int, count: int, seed: int) -> Shares:
    """Yield points of which each n-th part of each axis holds exactly one.

    Source:
        McKay, Beckman and Conover, Technometrics 21 (1979), pp. 239-245.
    """
    columns = []
    for axis in range(axes):
        order = Stream(seed, f"sweep.lhs.order.{axis}")
        within = Stream(seed, f"sweep.lhs.within.{axis}")
        strata = sorted(range(count), key=order.uniform)
        columns.append(
            [(stratum + within.uniform(p)) / count for p, stratum in enumerate(strata)]
        )
    yield from zip(*columns, strict=True)


def _sobol(axes: int, count: int, seed: int) -> Shares:
    """Yield points of a scrambled Sobol sequence; its order is SciPy's."""
    if find_spec("scipy") is None:
        raise ValueError("Sobol points need an extra: pip install 'simcoalesce[sobol]'")
    if count & (count - 1):
        raise ValueError(f"{count}: a Sobol sample has a power of two points, e.g. 64")
    quasi: Any = import_module("scipy.stats.qmc")
    engine = quasi.Sobol(d=axes, scramble=True, rng=seed)
    yield from engine.random(count).tolist()


def _saltelli(axes: int, count: int, seed: int) -> Shares:
    """Yield points A and B, halves of one Sobol sequence, and their mixtures.

    Source:
        Saltelli et al., Computer Physics Communications 181 (2010), pp. 259-270.
    """
    if count * (axes + 2) > MOST_POINTS:
        raise ValueError(
            f"saltelli:{count} of {axes} parameters: {count * (axes + 2):,} points; the"
            f" most is {MOST_POINTS:,}"
        )
    both = [*_sobol(2 * axes, count, seed)]
    of_a, of_b = ([row[:axes] for row in both], [row[axes:] for row in both])
    yield from of_a
    yield from of_b
    for axis in range(axes):
        for a, b in zip(of_a, of_b, strict=True):
            yield [*a[:axis], b[axis], *a[axis + 1 :]]


_GRIDS: Final[Mapping[str, Callable[..., Iterator[Point]]]] = {
    "grid": _grid,
    "oat": _one_at_a_time,
}
_SHARES: Final[Mapping[str, Callable[[int, int, int], Shares]]] = {
    "random": _random,
    "lhs": _latin_hypercube,
    "sobol": _sobol,
    "saltelli": _saltelli,
}
