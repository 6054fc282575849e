"""The benchmark of sweeps compares like with like."""

from importlib.util import find_spec

import pytest

from benchmarks import sweeps

needs_llvmlite = pytest.mark.skipif(
    find_spec("llvmlite") is None, reason="it measures the compiled engine"
)


@needs_llvmlite
def test_the_loop_and_the_sweep_simulate_the_same_runs() -> None:
    """Point by point and seed by seed, they count the same origin hits."""
    wanted = sweeps.plan(4, replications=2)

    assert sweeps.loop(sweeps.scenarios(wanted), wanted) == sweeps.swept(wanted)


@pytest.mark.parametrize("points", [4, 100, 1_000])
def test_the_grid_has_as_many_points_as_it_is_asked_for(points: int) -> None:
    """A table that says a thousand points has a thousand."""
    assert len(sweeps.plan(points, replications=2).points) == points
