"""Time to recover: from the first error until errors and latencies are as before."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from simcoalesce.metrics import METRICS, measure
from simcoalesce.metrics.seconds import Seconds
from simcoalesce.outcomes import Outcomes
from simcoalesce.units import NS_PER_S
from tests.builders import MS

ARun = Callable[..., Outcomes]

_FINE, _SLOW = {"latency": 10 * MS}, {"latency": 40 * MS}
_ERROR = {"latency": 10 * MS, "status": 503}


def _by_second(*requests: dict[str, int] | None) -> list[dict[str, int]]:
    """Return a request in each second, or none."""
    return [
        {"at": second * NS_PER_S + 7, **request}
        for second, request in enumerate(requests)
        if request is not None
    ]


@pytest.mark.parametrize(
    ("requests", "takes_s"),
    [
        ([_FINE, _SLOW], 0.0),
        ([_FINE, _ERROR, _FINE], 1.0),
        ([_FINE, _ERROR, _FINE, _ERROR, _FINE], 3.0),
        ([_FINE, _ERROR, _SLOW, _SLOW, _FINE, _SLOW], 3.0),
        ([_FINE, _ERROR, None, None, _FINE], 1.0),
        ([_FINE, _ERROR, None, _SLOW, _FINE], 3.0),
        ([_ERROR, _SLOW], 1.0),
        ([_FINE, _ERROR], None),
        ([_FINE, _ERROR, _SLOW], None),
    ],
)
def test_it_takes_until_the_last_bad_second_before_a_good_one(
    a_run: ARun, requests: list[dict[str, int] | None], takes_s: float | None
) -> None:
    """Errors, and latencies above those before; what was not asked for says nothing."""
    run = a_run(requests=_by_second(*requests))

    assert measure(run)["time_to_recover_s"] == takes_s


def test_an_eighth_more_than_before_is_as_before(a_run: ARun) -> None:
    """Latencies from 9.437 to 10.486 ms are of one eighth of an octave."""
    near, above = {"latency": 10_400_000}, {"latency": 10_500_000}
    runs = [a_run(requests=_by_second(_FINE, _ERROR, it)) for it in (near, above)]

    assert [measure(run)["time_to_recover_s"] for run in runs] == [1.0, None]


def test_who_never_recovers_takes_longer_than_any_limit() -> None:
    """`time_to_recover_s < 30s` fails then; it is not undecided."""
    assert METRICS["time_to_recover_s"].is_instant


@given(
    arrays(np.int64, 30, elements=st.integers(0, 40 * NS_PER_S)),
    st.integers(0, 30),
    st.sampled_from([1, 4, 16, 64]),
)
def test_seconds_of_a_long_run_are_counted_together(
    arrived: NDArray[np.int64], cut: int, most: int
) -> None:
    """However requests are parted, the rows are the same, and no more than may be."""
    whole, parts = Seconds(most), [Seconds(most), Seconds(most)]
    is_error = arrived % 3 == 0
    whole.add(arrived, arrived, is_error)
    for part, of in zip(parts, (slice(cut), slice(cut, None)), strict=True):
        part.add(arrived[of], arrived[of], is_error[of])

    parts[0].absorb(parts[1])

    assert len(whole.rows) <= most
    assert parts[0].width_ns == whole.width_ns
    assert parts[0].time_to_recover_ns() == whole.time_to_recover_ns()
    assert parts[0].rows.sum() == whole.rows.sum() == 30 + is_error.sum()
