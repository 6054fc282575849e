"""cache_api: a store of the location, read and written by the worker's code."""

from typing import Any

import pytest
from pydantic import ValidationError

from simcoalesce.model.layers.cache_api import CacheApi
from tests.builders import (
    a_path,
    an_origin,
    at_ms,
    calls_ms,
    latencies_ms,
    simulated,
)


def cached(**fields: Any) -> list[Any]:
    """Return the store before an origin of 100 ms."""
    return a_path({"cache_api": fields}, an_origin("100ms"))


def test_nobody_waits_for_the_fetch_of_another() -> None:
    """All who come before the first answer is put call the origin."""
    outcomes = simulated(cached(), at_ms(0, 50, 99, 100))

    assert calls_ms(outcomes) == [0, 50, 99]
    assert latencies_ms(outcomes) == [100, 100, 100, 0]


def test_locations_do_not_share_what_is_put() -> None:
    """Nor does a tier behind them."""
    assert calls_ms(simulated(cached(), at_ms(0, 500, location=[0, 1]))) == [0, 500]


@pytest.mark.parametrize(
    ("acknowledge", "latency"), [("background", 105), ("await", 125)]
)
def test_a_put_is_found_when_it_is_over(acknowledge: str, latency: int) -> None:
    """Asked at 5 ms, answered at 105 ms, put at 125 ms: a match then sees it."""
    fields = {"read_latency": "5ms", "write_latency": "20ms"}
    path = cached(**fields, acknowledge=acknowledge)
    outcomes = simulated(path, at_ms(0, 119, 120))

    assert calls_ms(outcomes) == [5, 124]
    assert latencies_ms(outcomes) == [latency, latency, 5]


def test_nothing_is_served_after_its_lifetime() -> None:
    """It was put at 100 ms, for 1 s."""
    assert calls_ms(simulated(cached(ttl="1s"), at_ms(0, 1_099, 1_100))) == [0, 1_100]


@pytest.mark.parametrize("fields", [{"scope": "global"}, {"hop": "5ms"}])
def test_it_has_no_tiers(fields: dict[str, str]) -> None:
    """The error says what to write instead."""
    with pytest.raises(
        ValidationError, match=r"no tiers and no hop; write read_latency"
    ):
        CacheApi.model_validate(fields)
