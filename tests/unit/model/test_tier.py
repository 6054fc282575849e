"""tier: caches of a region, or of all locations, behind those of each location."""

from typing import Any

import pytest
from pydantic import ValidationError

from simcoalesce.model.change import Agenda
from simcoalesce.model.changes.purge import Purge
from simcoalesce.model.layers.cdn import Cdn
from simcoalesce.outcomes import Lookup, Role
from tests.builders import (
    a_path,
    an_origin,
    at_ms,
    calls_ms,
    hits,
    latencies_ms,
    lookups,
    roles,
    simulated,
)

REGIONS = {"eu": ["at-0", "at-1"], "us": ["at-2"]}
REGION: dict[str, Any] = {"scope": "region", "regions": REGIONS, "hop": "20ms"}
GLOBAL: dict[str, Any] = {"scope": "global", "hop": "60ms"}
ORIGIN = an_origin("100ms")


def served_by(outcomes: Any) -> list[str]:
    """Return who answered each request."""
    return [outcomes.layers[code] for code in outcomes.request_rows.served_by]


def test_all_locations_of_a_region_share_its_cache() -> None:
    """The first calls at 20 ms; the second joins it; the third has another region."""
    outcomes = simulated(
        a_path({"cdn": REGION}, ORIGIN), at_ms(0, 10, 20, location=[0, 1, 2])
    )

    assert calls_ms(outcomes) == [20, 40]
    assert latencies_ms(outcomes) == [140, 130, 140]
    assert roles(outcomes) == [Role.LEADER, Role.FOLLOWER, Role.LEADER]


def test_a_miss_goes_from_tier_to_tier_and_fills_each_on_its_way_back() -> None:
    """20 ms and 60 ms there, 100 ms of the origin, and back."""
    path = a_path("cdn", {"cdn": REGION}, {"cdn": GLOBAL}, ORIGIN)
    requests = at_ms(0, 1_000, 2_000, 3_000, location=[0, 0, 1, 2])

    outcomes = simulated(path, requests)

    assert calls_ms(outcomes) == [80]
    assert latencies_ms(outcomes) == [260, 0, 40, 160]
    assert served_by(outcomes) == ["origin", "cdn", "cdn.region", "cdn.global"]
    assert lookups(outcomes) == [Lookup.MISS, *[Lookup.HIT] * 3]


def test_those_who_wait_at_a_location_wait_for_the_region_too() -> None:
    """One of each location asks the region; one of the region asks the origin."""
    path = a_path("cdn", {"cdn": REGION}, ORIGIN)

    outcomes = simulated(path, at_ms(0, 5, 10, 15, location=[0, 0, 1, 1]))

    assert calls_ms(outcomes) == [20]
    assert latencies_ms(outcomes) == [140, 135, 130, 125]


def test_a_location_may_have_a_way_of_its_own() -> None:
    """35 ms for one of them, 20 ms for the others."""
    far = REGION | {"hops": {"at-1": "35ms"}}
    outcomes = simulated(a_path({"cdn": far}, ORIGIN), at_ms(0, 500, location=[0, 1]))

    assert latencies_ms(outcomes) == [140, 70]


def test_what_is_behind_a_tier_runs_where_the_request_came_in() -> None:
    """KV at the second location does not show the put of the first yet."""
    reads = {"kv.read": {"read_latency": "0ms"}}
    writes = {"kv.write": {"write_latency": "0ms", "propagation": "10s"}}
    path = a_path({"cdn": GLOBAL | {"ttl": "500ms"}}, reads, writes, ORIGIN)

    outcomes = simulated(path, at_ms(0, 1_000, 2_000, location=[0, 0, 1]))

    assert calls_ms(outcomes) == [60, 2_060]


def test_a_body_is_complete_a_hop_later() -> None:
    """Headers at 160 ms, and the last byte 60 ms after it was at the tier."""
    path = a_path({"cdn": GLOBAL}, an_origin("100ms", body="50ms"))

    assert latencies_ms(simulated(path, at_ms(0))) == [60 + 100 + 50 + 60]


@pytest.mark.parametrize("kind", ["lock", "waiting_list", "bounded_retries", "cdn"])
def test_every_http_cache_can_be_a_tier(kind: str) -> None:
    """Two locations, one call; the second finds it at the tier."""
    path = a_path({kind: GLOBAL}, ORIGIN)
    outcomes = simulated(path, at_ms(0, 1_000, location=[0, 1]))

    assert calls_ms(outcomes) == [60]
    assert served_by(outcomes) == ["origin", f"{kind}.global"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"scope": "region"}, "needs regions; write e.g"),
        ({"regions": {"a": ["x"], "b": ["x"]}}, "x is in more than one region"),
    ],
)
def test_regions_are_whole(fields: dict[str, Any], words: str) -> None:
    """Each location is in one of them."""
    with pytest.raises(ValidationError, match=words):
        Cdn.model_validate(fields)


def test_a_location_in_no_region_is_an_error() -> None:
    """A log may bring locations of which the scenario does not know."""
    with pytest.raises(ValueError, match=r'cdn: the location "at-3" is in no region'):
        simulated(a_path({"cdn": REGION}, ORIGIN), at_ms(0), locations=4)


@pytest.mark.parametrize(
    ("counts_age", "calls"), [(False, [0, 100_100]), (True, [0, 60_100])]
)
def test_time_in_a_tier_counts_where_that_is_said(
    calls: list[int], *, counts_age: bool
) -> None:
    """Stored at the tier at 100 ms for 60 s, and by the second location at 40.1 s."""
    path = a_path(
        {"cdn": {"counts_age": counts_age}}, {"cdn": {"scope": "global"}}, ORIGIN
    )
    requests = at_ms(0, 40_100, 60_099, *calls[1:], location=[0, 1, 1, 1])

    outcomes = simulated(path, requests)

    assert calls_ms(outcomes) == calls
    assert served_by(outcomes) == ["origin", "cdn.global", "cdn", "origin"]


@pytest.mark.parametrize(
    ("stores", "answerer"), [([], "origin"), (["cdn"], "cdn.global")]
)
def test_a_purge_reaches_all_tiers_or_those_that_it_names(
    stores: list[str], answerer: str
) -> None:
    """Names are those of the tables."""
    purge = Purge.model_validate({"at": "500ms", "stores": stores})
    path = a_path("cdn", {"cdn": {"scope": "global"}}, ORIGIN)

    outcomes = simulated(path, at_ms(0, 499, 500), agenda=Agenda((purge,)))

    assert served_by(outcomes) == ["origin", "cdn", answerer]


def test_a_tier_may_be_warm_at_the_start() -> None:
    """Locations are cold: each asks it once."""
    warm = {"scope": "global", "hop": "5ms", "initial": {"age": "0s"}}
    outcomes = simulated(
        a_path("cdn", {"cdn": warm}, ORIGIN), at_ms(0, 100, 200, location=[0, 0, 1])
    )

    assert latencies_ms(outcomes) == [10, 0, 10]
    assert hits(outcomes) == 0
