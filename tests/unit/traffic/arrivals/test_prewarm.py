"""prewarm: a walk of the keys, at each location."""

from typing import Any

import pytest

from simcoalesce.traffic import GeneratedTraffic
from tests.builders import MS
from tests.unit.traffic.conftest import TrafficOf

TRAFFIC: dict[str, Any] = {
    "keys": {"kind": "zipf", "s": 1, "n": 3},
    "locations": {"icn": 1, "nrt": 1},
}


def walk(made: GeneratedTraffic) -> list[tuple[float, str, str]]:
    """Return when which key is asked for, and where."""
    return [
        (at / MS, made.keys[key], made.locations[location])
        for chunk in made.chunks
        for at, key, location in zip(
            *(c.tolist() for c in (chunk.arrived_at_ns, chunk.key, chunk.location)),
            strict=True,
        )
    ]


@pytest.fixture
def walked(traffic_of: TrafficOf) -> Any:
    """Return the walk of a pre-warming."""

    def build(duration: str = "5s", **fields: Any) -> list[tuple[float, str, str]]:
        phase = {"kind": "prewarm", "rate": "10/s", **fields}
        return walk(traffic_of({**TRAFFIC, "arrivals": [phase]}, duration=duration))

    return build


def test_it_asks_for_each_key_at_each_location(walked: Any) -> None:
    """Ten keys a second: one each 100 ms, at both locations at once."""
    assert walked() == [
        (at, key, location)
        for at, key in ((0, "key-1"), (100, "key-2"), (200, "key-3"))
        for location in ("icn", "nrt")
    ]


def test_it_may_walk_the_first_keys_again_and_again(walked: Any) -> None:
    """Two keys, twice, at one location."""
    found = walked(top=2, rounds=2, locations=["nrt"])

    assert [key for _, key, _ in found] == ["key-1", "key-2", "key-1", "key-2"]
    assert {location for _, _, location in found} == {"nrt"}


def test_it_ends_with_the_scenario(walked: Any) -> None:
    """At 200 ms no more requests come: the third key is not reached."""
    assert len(walked(duration="200ms")) == 4
