"""Bursts against instants computed by hand, and their shapes."""

from collections.abc import Callable
from math import sqrt
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import ValidationError

from simcoalesce.traffic import Traffic

InstantsOf = Callable[..., NDArray[np.int64]]
MS = 1_000_000


def _burst(**fields: Any) -> dict[str, Any]:
    return {"kind": "burst", "requests": 800, "within": "400ms"} | fields


def test_an_even_burst_is_exact(instants_of: InstantsOf) -> None:
    """The i-th request comes at i * within / requests: every half millisecond."""
    assert instants_of(_burst(shape="even")).tolist() == [
        i * MS // 2 for i in range(800)
    ]


def test_an_even_burst_rounds_down(instants_of: InstantsOf) -> None:
    """Three requests within a millisecond come at thirds, in whole nanoseconds."""
    assert instants_of(_burst(requests=3, within="1ms", shape="even")).tolist() == [
        *(0, 333_333, 666_666)
    ]


def test_a_burst_comes_again(instants_of: InstantsOf) -> None:
    """With every: 60s it comes at 0, 60, 120, ... s, while the scenario lasts."""
    instants = instants_of(
        _burst(requests=2, shape="even", every="60s"), until="2m"
    ).tolist()

    assert instants == [0, 200 * MS, 60_000 * MS, 60_200 * MS]


def test_a_burst_comes_so_many_times(instants_of: InstantsOf) -> None:
    """With times: 2 there is no third, however long the scenario lasts."""
    burst = _burst(requests=2, shape="even", every="60s", times=2)

    assert instants_of(burst, until="10m").tolist() == [
        *(0, 200 * MS, 60_000 * MS, 60_200 * MS)
    ]


@pytest.mark.parametrize(
    ("fields", "told"),
    [({"times": 2}, "write every as well"), ({"at": "2s", "until": "2s"}, "not after")],
)
def test_a_burst_that_ends_before_it_begins_is_none(
    fields: dict[str, str], told: str
) -> None:
    """Nor is one that comes twice, without a time between."""
    with pytest.raises(ValidationError, match=told):
        Traffic.model_validate({"arrivals": [_burst(**fields)]})


def test_a_burst_draws_anew_each_time(instants_of: InstantsOf) -> None:
    """The second burst is not a copy of the first."""
    instants = instants_of(_burst(every="60s"), until="2m")

    assert (instants[800:] - 60_000 * MS).tolist() != instants[:800].tolist()


def test_bursts_may_overlap(instants_of: InstantsOf) -> None:
    """With every below within they interleave, in order."""
    instants = instants_of(
        _burst(requests=2, shape="even", every="100ms"), until="300ms"
    ).tolist()

    assert instants == [0, 100 * MS, 200 * MS, 200 * MS, 300 * MS, 400 * MS]


def test_a_burst_may_come_all_at_once(instants_of: InstantsOf) -> None:
    """Within 0 ms all come at the same instant."""
    assert set(instants_of(_burst(within="0ms")).tolist()) == {0}


@pytest.mark.parametrize(
    ("shape", "share", "upto"),
    [
        ("uniform", 0.25, 0.25),
        ("front_loaded", 0.5, 0.25),
        ("gaussian", 0.15773, 1 / 3),
    ],
)
def test_a_shape_puts_its_share_before_an_instant(
    instants_of: InstantsOf, shape: str, share: float, upto: float
) -> None:
    """Uniform: a quarter in the first quarter; front-loaded: half; gaussian: P(-1 sd).

    The bell is cut at 3 standard deviations: (0.15866 - 0.00135) / 0.9973 = 0.15773.
    """
    n = 200_000
    instants = instants_of(_burst(requests=n, shape=shape))

    # 4 standard errors of the share.
    actual = (instants < upto * 400 * MS).mean()
    assert abs(actual - share) < 4 * sqrt(share * (1 - share) / n)


@pytest.mark.parametrize(
    "wrong",
    [
        {"requests": 0},
        {"requests": -1},
        {"within": 400},
        {"every": "0s"},
        {"shape": "round"},
        {"requests": "20M", "every": "1ms"},
        {"at": "-1s"},
    ],
)
def test_impossible_bursts_are_refused(
    instants_of: InstantsOf, wrong: dict[str, Any]
) -> None:
    """Zero and negative values, missing units and unknown shapes are errors."""
    with pytest.raises(ValidationError):
        instants_of(_burst(**wrong))
