"""Sampling: grids, one at a time, and samples that fill the space."""

from math import floor

import pytest

from simcoalesce.experiment.sweeps.sampling import points
from simcoalesce.scenario.axis import Axis

TWO = [Axis.parse("a=1,2,3"), Axis.parse("b=x,y")]
RANGES = [Axis.parse("a=0..100000"), Axis.parse("b=0ms..1s")]


def test_a_grid_has_every_combination_the_last_axis_fastest() -> None:
    """Three times two points."""
    assert points(TWO) == [*((a, b) for a in "123" for b in "xy")]


def test_one_at_a_time_changes_one_value_of_the_present() -> None:
    """The present setting first, and each point once."""
    found = points(TWO, "oat", baseline=("2", "x"))

    assert found == [("2", "x"), ("1", "x"), ("3", "x"), ("2", "y")]


def test_a_latin_hypercube_has_one_point_in_each_part_of_each_axis() -> None:
    """Whatever the other axis does."""
    found = points(RANGES, "lhs:20", seed=5)
    parts = sorted(floor(int(a) / 5_000) for a, _ in found)

    assert parts == [*range(20)]


@pytest.mark.parametrize("sample", ["random:40", "lhs:40", "sobol:32"])
def test_a_sample_follows_from_its_seed(sample: str) -> None:
    """The same seed, the same points; another seed, others."""
    assert points(RANGES, sample, seed=5) == points(RANGES, sample, seed=5)
    assert points(RANGES, sample, seed=5) != points(RANGES, sample, seed=6)


@pytest.mark.parametrize(
    ("sample", "hint"),
    [
        ("lhs", "is no sample"),
        ("sobol:30", "power of two"),
        ("grid", "how many steps"),
        ("tour:5", "is no sample"),
    ],
)
def test_an_impossible_sample_is_refused(sample: str, hint: str) -> None:
    """The message says what to write instead."""
    with pytest.raises(ValueError, match=hint):
        points(RANGES, sample)


def test_a_parameter_has_one_axis() -> None:
    """Two axes of one parameter would fight."""
    with pytest.raises(ValueError, match="two axes"):
        points([TWO[0], TWO[0]])
