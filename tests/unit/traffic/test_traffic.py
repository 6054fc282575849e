"""Whole traffic: phases together, keys and places."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from simcoalesce.request import Requests
from simcoalesce.spec import InputFile
from simcoalesce.traffic import GeneratedTraffic, Traffic

TrafficOf = Callable[..., GeneratedTraffic]
RequestsOf = Callable[..., Requests]
LogFile = Callable[..., InputFile]
MS = 1_000_000


def _even(requests: int = 2, every: str = "1ms", **fields: Any) -> dict[str, Any]:
    return {"kind": "even", "requests": requests, "every_request": every} | fields


def test_the_flash_sale_is_understood(requests_of: RequestsOf) -> None:
    """The traffic of the design's scenario validates and comes five times."""
    requests = requests_of(
        {
            "arrivals": [
                {
                    "kind": "burst",
                    "requests": 800,
                    "within": "400ms",
                    "shape": "uniform",
                    "every": "60s",
                }
            ],
            "keys": {"kind": "one"},
            "locations": {"icn": 1},
            "isolates": 400,
        }
    )

    assert len(requests) == 5 * 800
    assert requests.isolate.max() < 400


def test_phases_merge_in_time_and_in_the_order_of_the_file(
    requests_of: RequestsOf,
) -> None:
    """At the same instant the earlier phase has the smaller id."""
    keys = [{"kind": "one", "key": key} for key in "ab"]
    requests = requests_of(
        {"arrivals": [_even(keys=keys[0], at="1ms"), _even(3, keys=keys[1])]}
    )

    assert (requests.arrived_at_ns // MS).tolist() == [0, 1, 1, 2, 2]
    assert requests.key.tolist() == [1, 0, 1, 0, 1]


def test_the_traffics_keys_hold_where_a_phase_has_none(traffic_of: TrafficOf) -> None:
    """Names are those of all phases, each once."""
    traffic = traffic_of(
        {
            "arrivals": [_even(), _even(keys={"kind": "one", "key": "b"})],
            "keys": {"kind": "one", "key": "a"},
        }
    )

    assert traffic.keys == ("a", "b")


def test_the_end_is_half_open(requests_of: RequestsOf) -> None:
    """A request at the very end does not come."""
    requests = requests_of({"arrivals": [_even(5, at="1ms")]}, duration="3ms")

    assert (requests.arrived_at_ns // MS).tolist() == [1, 2]


def test_a_phase_after_the_end_is_a_warning(traffic_of: TrafficOf) -> None:
    """A phase that cannot come is pointed out."""
    traffic = traffic_of({"arrivals": [_even(), _even(at="5m")]})

    assert traffic.warnings == [
        "phase 2 of the arrivals (even) starts at 5m, when the scenario is over (5m)"
    ]
    assert sum(len(chunk) for chunk in traffic.chunks) == 2


def test_isolates_are_numbered_over_all_locations(requests_of: RequestsOf) -> None:
    """The isolates of the second location come after those of the first."""
    requests = requests_of(
        {"arrivals": [_even(500)], "locations": {"a": 1, "b": 1}, "isolates": 10}
    )

    assert (requests.isolate // 10).tolist() == requests.location.tolist()


def test_a_log_says_key_location_and_isolate(
    traffic_of: TrafficOf, log_file: LogFile
) -> None:
    """What the log says holds; locations that it alone names come after the others."""
    log_file("a.csv", "t_s,key,location,isolate\n1,x,nrt,3\n2,y,icn,1\n")
    traffic = traffic_of(
        {
            "arrivals": [{"kind": "replay", "file": "a.csv"}],
            "locations": {"icn": 1},
            "isolates": 4,
        }
    )
    (chunk,) = traffic.chunks

    assert (traffic.keys, traffic.locations) == (("x", "y"), ("icn", "nrt"))
    assert chunk.location.tolist() == [1, 0]
    assert chunk.isolate.tolist() == [7, 1]


def test_a_log_that_locates_every_request_needs_no_locations(
    traffic_of: TrafficOf, log_file: LogFile
) -> None:
    """The default location is not there if nobody is in it."""
    log_file("a.csv", "t_s,location\n1,nrt\n2,icn\n")

    assert traffic_of(
        {"arrivals": [{"kind": "replay", "file": "a.csv"}]}
    ).locations == (*("nrt", "icn"),)


def test_what_a_log_leaves_out_is_drawn(
    traffic_of: TrafficOf, log_file: LogFile
) -> None:
    """An entry without a key asks for one of the traffic's keys."""
    log_file("a.csv", "t_s,key\n1,x\n2,\n")
    traffic = traffic_of({"arrivals": [{"kind": "replay", "file": "a.csv"}]})
    (chunk,) = traffic.chunks

    assert [traffic.keys[key] for key in chunk.key] == ["x", "key"]


def test_an_isolate_that_does_not_exist_is_refused(
    traffic_of: TrafficOf, log_file: LogFile
) -> None:
    """The message says how many there must be."""
    log_file("a.csv", "t_s,isolate\n1,7\n")

    with pytest.raises(ValueError, match=r"a\.csv names isolate 7.*write isolates: 8"):
        traffic_of({"arrivals": [{"kind": "replay", "file": "a.csv"}], "isolates": 4})


def _routed(**fields: Any) -> dict[str, Any]:
    return {"arrivals": [_even(60)], "locations": {"a": 1, "b": 1}, **fields}


def test_sharded_requests_have_one_home_at_each_location(
    requests_of: RequestsOf,
) -> None:
    """The first isolate of the location, whatever the key."""
    requests = requests_of(_routed(isolates=4, routing="sharded"))

    assert (requests.isolate == requests.location * 4).all()


def test_requests_that_may_spill_arrive_as_if_at_random(
    requests_of: RequestsOf,
) -> None:
    """Who is in progress decides where they run; it is not known in the traffic."""
    spilling = _routed(isolates=4, routing="sharded", spill_above=2)

    requests, others = requests_of(spilling), requests_of(_routed(isolates=4))

    assert requests.isolate.tolist() == others.isolate.tolist()


@pytest.mark.parametrize(
    ("fields", "isolates"),
    [
        ({}, 4),
        ({"routing": "consistent_hash"}, 1),
        ({"routing": "consistent_hash", "spill_over": "5%"}, 4),
        ({"routing": "sharded"}, 1),
        ({"routing": "sharded", "spill_above": 9}, 4),
    ],
)
def test_a_key_meets_one_isolate_or_any(fields: dict[str, Any], isolates: int) -> None:
    """One, unless requests may leave their home."""
    traffic = Traffic.model_validate(_routed(isolates=4, **fields))

    assert traffic.isolates_of_a_key == isolates


def test_consistent_hashing_gives_each_key_one_isolate(
    requests_of: RequestsOf,
) -> None:
    """However many requests, a key lands on one isolate of its location."""
    requests = requests_of(
        {
            "arrivals": [_even(400)],
            "keys": {"kind": "zipf", "s": 0, "n": 5},
            "isolates": 50,
            "routing": "consistent_hash",
        }
    )

    places = set(zip(requests.key.tolist(), requests.isolate.tolist(), strict=True))
    assert len(places) == 5


@pytest.mark.parametrize(
    "wrong",
    [
        {"arrivals": []},
        {"arrivals": [{"kind": "brust"}]},
        {"isolates": 0},
        {"isolates": "2M"},
        {"locations": {}},
        {"locations": {"icn": 0}},
        {"routing": "sticky"},
        {"spill_over": "5%"},
        {"spill_over": "5%", "routing": "sharded"},
        {"spill_above": 9},
        {"spill_above": 9, "routing": "consistent_hash"},
        {"keys": {"kind": "weighted", "weights": {"a": 0}}},
        {"users": 3},
    ],
)
def test_impossible_traffic_is_refused(wrong: dict[str, Any]) -> None:
    """Nothing at all, unknown words and zeros are errors."""
    with pytest.raises(ValidationError):
        Traffic.model_validate({"arrivals": [_even()]} | wrong)


def test_traffic_reads_what_it_writes() -> None:
    """The resolved document validates, and means the same."""
    traffic = Traffic.model_validate(
        {
            "arrivals": [
                {"kind": "rate", "rate": "200/s", "for": "10s"},
                {"kind": "flash_crowd", "peak": "1k/s", "decay": "5s", "at": "1m"},
                {"kind": "burst", "requests": "1k", "within": "1s", "every": "10s"},
            ],
            "keys": {"kind": "zipf", "s": 0.9, "n": "10k"},
            "routing": "consistent_hash",
            "spill_over": "5%",
        }
    )

    assert Traffic.model_validate(traffic.document()) == traffic
