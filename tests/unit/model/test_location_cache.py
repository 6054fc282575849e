"""location_cache: what all isolates of a location share, and when it expires."""

import pytest
from pydantic import ValidationError

from simcoalesce.model.layers.bounded_retries import BoundedRetries
from simcoalesce.model.layers.cdn import Cdn
from simcoalesce.model.layers.lock import Lock
from simcoalesce.model.location_cache import CachingLayer
from tests.builders import MS, S, a_path, an_origin, at_ms, lookups, simulated

NGINX = Lock.model_validate({"ttl": "2s"})
TRAFFIC_SERVER = BoundedRetries.model_validate({"ttl": "2s"})
SQUID = Cdn.model_validate({"ttl": "2s", "whole_seconds": True, "abandons": True})


@pytest.mark.parametrize(
    ("layer", "stored_ms", "expires_ms"),
    [(NGINX, 300, 3_000), (NGINX, 2_000, 5_000), (SQUID, 300, 2_000)],
)
def test_a_clock_of_whole_seconds_decides_the_lifetime(
    layer: CachingLayer, stored_ms: int, expires_ms: int
) -> None:
    """One lives to the end of its last second, the other to its beginning."""
    assert (
        layer.expires_at_ns(stored_ms * MS, stored_ms * MS, layer.ttl_ns)
        == expires_ms * MS
    )


@pytest.mark.parametrize(
    ("layer", "expires_s"), [(NGINX, 6), (TRAFFIC_SERVER, 5), (SQUID, 5)]
)
def test_by_whole_seconds_some_age_on_the_way(
    layer: CachingLayer, expires_s: int
) -> None:
    """Asked for in second 2, there in second 3: observed with a slow origin."""
    assert layer.expires_at_ns(3_100 * MS, 2_900 * MS, layer.ttl_ns) == expires_s * S


@pytest.mark.parametrize(("called_ms", "expires_s"), [(3_200, 6), (2_910, 5)])
def test_squid_takes_the_whole_seconds_of_a_fetch_off(
    called_ms: int, expires_s: int
) -> None:
    """A fetch of 0.99 s takes nothing off, one of 1.28 s a second."""
    assert (
        SQUID.expires_at_ns(4_190 * MS, called_ms * MS, SQUID.ttl_ns) == expires_s * S
    )


def test_the_seconds_are_those_of_the_wall_clock() -> None:
    """The run begins 800 ms into a second: what comes at 300 ms is 100 ms into one."""
    layer = Lock.model_validate({"ttl": "2s", "clock_offset": "800ms"})

    assert layer.expires_at_ns(300 * MS, 0, layer.ttl_ns) == 3_200 * MS


def test_a_real_valued_clock_adds_the_ttl() -> None:
    """Wherever the seconds end."""
    layer = Lock.model_validate({"ttl": "1500ms", "whole_seconds": False})

    assert layer.expires_at_ns(300 * MS, 0, layer.ttl_ns) == 1_800 * MS


def test_a_clock_of_whole_seconds_has_no_ttl_of_half_a_second() -> None:
    """It says what to write instead."""
    with pytest.raises(ValidationError, match=r"whole seconds; write e.g. 1s"):
        Lock.model_validate({"ttl": "500ms"})


@pytest.mark.parametrize("kind", ["lock", "waiting_list", "bounded_retries", "cdn"])
def test_each_location_has_its_own(kind: str) -> None:
    """Isolates of one location share it; another location misses."""
    path = a_path(kind, an_origin("120ms"))
    traffic = at_ms(0, 200, 200, location=[0, 0, 1], isolate=[0, 1, 2])

    assert lookups(simulated(path, traffic)) == [0, 1, 0]


@pytest.mark.parametrize("kind", ["lock", "bounded_retries", "cdn"])
@pytest.mark.parametrize(
    "fields", [{"cacheable": False}, {"faults": [{"kind": "random", "probability": 1}]}]
)
def test_neither_errors_nor_what_is_not_cacheable_are_kept(
    kind: str, fields: dict[str, object]
) -> None:
    """Each request misses."""
    path = a_path(kind, an_origin("120ms", **fields))

    assert lookups(simulated(path, at_ms(0, 200, 400))) == [0, 0, 0]


@pytest.mark.parametrize("kind", ["lock", "waiting_list", "bounded_retries", "cdn"])
def test_the_age_of_a_hit_counts_from_the_origin(kind: str) -> None:
    """Made at 120 ms, served at 500 ms, by the cache."""
    outcomes = simulated(a_path(kind, an_origin("120ms")), at_ms(0, 500))

    assert outcomes.request_rows.age_ns[1] == 380 * MS
    assert outcomes.layers[outcomes.request_rows.served_by[1]] == kind


@pytest.mark.parametrize("kind", ["lock", "bounded_retries"])
def test_an_answer_is_fresh_until_its_second_is_over(kind: str) -> None:
    """Stored 120 ms into a second for 1 s: served to the end of the next, half-open."""
    path = a_path({kind: {"ttl": "1s"}}, an_origin("120ms"))
    traffic = at_ms(0, 2 * S / MS - 1, 2 * S / MS)

    assert lookups(simulated(path, traffic)) == [0, 1, 0]
