"""Binomial bounds are those of SciPy, and say how many runs would do."""

import pytest
from scipy import stats  # type: ignore[import-untyped, unused-ignore]

from simcoalesce.conditions.binomial import lower_bound, runs_for, upper_bound


@pytest.mark.parametrize("miss", [0.05, 0.025, 0.0035])
@pytest.mark.parametrize(
    ("seen", "runs"), [(0, 30), (1, 30), (15, 30), (29, 30), (30, 30), (50, 10_000)]
)
def test_bounds_are_exact(seen: int, runs: int, miss: float) -> None:
    """Those of Clopper and Pearson, which are quantiles of beta distributions."""
    low = stats.beta.ppf(miss, seen, runs - seen + 1) if seen else 0
    high = stats.beta.ppf(1 - miss, seen + 1, runs - seen) if seen < runs else 1

    assert lower_bound(seen, runs, miss) == pytest.approx(low, abs=1e-10)
    assert upper_bound(seen, runs, miss) == pytest.approx(high, abs=1e-10)


def test_what_cannot_be_a_share_is_refused() -> None:
    """More than there are, or none at all."""
    with pytest.raises(ValueError, match="3 of 2 runs"):
        lower_bound(3, 2)


@pytest.mark.parametrize(
    ("share", "limit", "runs"),
    [(0, 0.01, 299), (0, 0.05, 59), (1, 0.95, 59), (0.01, 0.01, None), (0, 0, None)],
)
def test_so_many_runs_would_do(share: float, limit: float, runs: int | None) -> None:
    """0.99^299 = 4.95 %, and 0.95^59 = 4.85 %: below 5 %; one run fewer is not."""
    assert runs_for(share, limit) == runs
