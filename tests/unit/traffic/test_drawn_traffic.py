"""Which traffic an engine can draw by itself."""

from typing import Any

import pytest

from tests.unit.traffic.conftest import TrafficOf

BURST = {"kind": "burst", "requests": 9, "within": "400ms"}


def test_phases_of_draws_alone_are_drawn(traffic_of: TrafficOf) -> None:
    """A burst and a rate; the second begins later, and ends with the scenario."""
    rate = {"kind": "rate", "rate": "9/s", "at": "1s"}
    drawn = traffic_of({"arrivals": [BURST, rate]}, duration="3s").drawn

    assert drawn is not None
    assert [(one.at_ns, one.ends_ns) for one in drawn.phases] == [
        (0, 3 * 10**9),
        (10**9, 3 * 10**9),
    ]


@pytest.mark.parametrize(
    "more",
    [
        {"new_key_version_at": ["1s"]},
        {"routing": "consistent_hash", "isolates": 4},
        {"arrivals": [BURST | {"bypass": "5%"}]},
        {"arrivals": [BURST | {"shape": "gaussian"}]},
        {"arrivals": [BURST | {"every": "100ms", "times": 3}]},
        {"arrivals": [BURST, BURST | {"page": {"a": 1, "b": 2}}]},
    ],
)
def test_what_more_than_draws_decides_on_is_not_drawn(
    traffic_of: TrafficOf, more: dict[str, Any]
) -> None:
    """Versions, rings, bypasses, bells, bursts that overlap, pages: come in chunks."""
    assert traffic_of({"arrivals": [BURST], **more}).drawn is None
