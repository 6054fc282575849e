"""Replayed logs."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import ValidationError

from simcoalesce.spec import InputFile
from simcoalesce.traffic import GeneratedTraffic

InstantsOf = Callable[..., NDArray[np.int64]]
TrafficOf = Callable[..., GeneratedTraffic]
LogFile = Callable[..., InputFile]
MS = 1_000_000


def _replay(file: str, **fields: Any) -> dict[str, Any]:
    return {"kind": "replay", "file": file} | fields


def _stamps(*seconds: int) -> str:
    return "".join(
        f'h - - [05/Jun/2026:21:00:{second:02} +0900] "GET /{i} HTTP/1.1" 200 1\n'
        for i, second in enumerate(seconds)
    )


def test_a_csv_is_replayed_as_it_is(instants_of: InstantsOf, log_file: LogFile) -> None:
    """Its instants are those of the run, from the earliest to the latest."""
    log_file("sends.csv", "t_ms\n1.5\n700\n3\n")

    assert instants_of(_replay("sends.csv")).tolist() == [
        *(1_500_000, 3_000_000, 700_000_000)
    ]


def test_speed_divides_the_instants(instants_of: InstantsOf, log_file: LogFile) -> None:
    """At 1000x a second is a millisecond, in whole nanoseconds rounded down."""
    log_file("sends.csv", "t_ns\n999\n1000\n2500000000\n")

    assert instants_of(_replay("sends.csv", speed=1000)).tolist() == [0, 1, 2_500_000]


def test_speed_may_be_a_fraction(instants_of: InstantsOf, log_file: LogFile) -> None:
    """At 2.5x a second is 400 ms; at 0.5x it is two."""
    log_file("sends.csv", "t_s\n1\n")

    assert instants_of(_replay("sends.csv", speed=2.5)).tolist() == [400 * MS]
    assert instants_of(_replay("sends.csv", speed=0.5)).tolist() == [2_000 * MS]


def test_stamps_of_a_second_are_spread_over_it(
    instants_of: InstantsOf, log_file: LogFile
) -> None:
    """Entries of one second come at different instants within it."""
    log_file("a.log", _stamps(*[5] * 50, *[6] * 50))
    instants = instants_of(_replay("a.log"))

    assert (instants // (1_000 * MS)).tolist() == [0] * 50 + [1] * 50
    assert len(set(instants.tolist())) == 100


def test_spreading_belongs_to_the_seed(
    instants_of: InstantsOf, log_file: LogFile
) -> None:
    """The same seed spreads alike, another one otherwise."""
    log_file("a.log", _stamps(*[5] * 50))
    first = instants_of(_replay("a.log"), seed=1).tolist()

    assert instants_of(_replay("a.log"), seed=1).tolist() == first
    assert instants_of(_replay("a.log"), seed=2).tolist() != first


@pytest.mark.parametrize(
    ("spread", "last_ns"), [("0ms", 0), ("1ns", 0), ("10ms", 10 * MS)]
)
def test_spreading_is_as_wide_as_it_is_said(
    instants_of: InstantsOf, log_file: LogFile, spread: str, last_ns: int
) -> None:
    """Spread 0 ms leaves the stamps as they are."""
    log_file("a.log", _stamps(*[5] * 50))

    assert instants_of(_replay("a.log", spread=spread)).max() <= last_ns


def test_spreading_keeps_the_order_of_the_log(
    traffic_of: TrafficOf, log_file: LogFile
) -> None:
    """Keys come in the order in which the log has them."""
    log_file("a.log", _stamps(5, 5, 5, 6, 6))
    traffic = traffic_of({"arrivals": [_replay("a.log")]})
    (chunk,) = traffic.chunks

    assert [traffic.keys[key] for key in chunk.key] == ["/0", "/1", "/2", "/3", "/4"]


def test_what_comes_after_the_end_is_counted(
    traffic_of: TrafficOf, log_file: LogFile
) -> None:
    """The end is half-open, and a warning says how many are left out."""
    log_file("sends.csv", "t_s\n1\n9.999999999\n10\n11\n")
    traffic = traffic_of({"arrivals": [_replay("sends.csv")]}, duration="10s")

    assert sum(len(chunk) for chunk in traffic.chunks) == 2
    assert traffic.warnings[-1] == (
        "sends.csv: 2 of 4 requests come at or after the end of the scenario and are"
        " left out; see duration and speed"
    )


def test_a_log_may_begin_later(traffic_of: TrafficOf, log_file: LogFile) -> None:
    """With at: 1m the first entry of a web log comes after a minute."""
    log_file("a.log", _stamps(5, 7))
    traffic = traffic_of({"arrivals": [_replay("a.log", at="1m", spread="0ms")]})
    (chunk,) = traffic.chunks

    assert chunk.arrived_at_ns.tolist() == [60_000 * MS, 62_000 * MS]


@pytest.mark.parametrize(
    "wrong",
    [
        {"file": "gone.csv"},
        {"speed": 0},
        {"speed": -1},
        {"bad_lines": "101%"},
        {"format": "xml"},
        {"format": "csv", "fields": {"time": "ts"}},
        {"fields": {"thyme": "ts"}},
        {"spread": 1},
    ],
)
def test_impossible_replays_are_refused(
    instants_of: InstantsOf, log_file: LogFile, wrong: dict[str, Any]
) -> None:
    """Missing files, speeds of zero and unknown words are errors."""
    log_file("sends.csv", "t_s\n1\n")

    with pytest.raises(ValidationError):
        instants_of(_replay("sends.csv") | wrong)


def test_slow_motion_has_an_end(instants_of: InstantsOf, log_file: LogFile) -> None:
    """What would last longer than the clock can count is refused."""
    log_file("sends.csv", "t_s\n4500000000\n")

    with pytest.raises(ValueError, match=r"sends\.csv is too long to be replayed at"):
        instants_of(_replay("sends.csv", speed=0.001))


def test_a_request_that_is_spread_beyond_the_horizon_is_refused(
    instants_of: InstantsOf, log_file: LogFile
) -> None:
    """142 years after the start, and up to 99 more."""
    log_file("sends.csv", "t_s\n4500000000\n")

    with pytest.raises(ValueError, match=r"sends\.csv: its last request is beyond the"):
        instants_of(_replay("sends.csv", spread="36135d"))


def _ndjson(*seconds: float, **more: str) -> str:
    return "".join(
        json.dumps({"time": 1_780_660_800 + second, "key": f"/{i}"} | more) + "\n"
        for i, second in enumerate(seconds)
    )


def test_whole_seconds_are_spread_in_any_format(
    traffic_of: TrafficOf, log_file: LogFile
) -> None:
    """And it is said."""
    log_file("a.json", _ndjson(*[5] * 50, *[6] * 50))
    traffic = traffic_of({"arrivals": [_replay("a.json")]})
    (chunk,) = traffic.chunks

    assert len(set(chunk.arrived_at_ns.tolist())) == 100
    assert "multiples of 1s, so requests are spread" in " ".join(traffic.warnings)


def test_milliseconds_are_not_spread(
    instants_of: InstantsOf, log_file: LogFile
) -> None:
    """They are what they are."""
    log_file("a.json", _ndjson(5.001, 5.001, 6.25))

    assert instants_of(_replay("a.json")).tolist() == [0, 0, 1_249 * MS]


def test_a_key_that_is_not_certain_is_asked_for(
    traffic_of: TrafficOf, log_file: LogFile
) -> None:
    """Else all requests would ask for one key; who wants that says so."""
    log_file("a.json", '{"time": 1780660800.5, "asked": "a", "who": "x", "n": 3}\n')
    with pytest.raises(ValueError, match=r"not certain .* asked for: asked, who"):
        traffic_of({"arrivals": [_replay("a.json")]})
    phase = _replay("a.json", fields={"time": "time"})
    with pytest.raises(ValueError, match=r"It may be asked or who;(?s:.*) uri: asked"):
        traffic_of({"arrivals": [phase]})

    said = phase | {"fields": {"key": "asked"}}
    assert traffic_of({"arrivals": [said]}).keys == ("a",)
    one = phase | {"keys": {"kind": "one", "key": "k"}}
    assert traffic_of({"arrivals": [one]}).keys == ("k",)


def test_until_speaks_of_the_log_where_from_does(
    instants_of: InstantsOf, log_file: LogFile
) -> None:
    """At twice the speed the second from 1 s to 2 s takes half of one."""
    log_file("a.json", _ndjson(0.001, 1.001, 1.501, 2.001))
    phase = _replay("a.json", speed=2) | {"from": "1s", "until": "2s"}

    assert instants_of(phase).tolist() == [0, 250 * MS]


def test_until_alone_speaks_of_the_run(
    traffic_of: TrafficOf, log_file: LogFile
) -> None:
    """As it does for all arrivals."""
    log_file("a.json", _ndjson(0.001, 1.001, 1.501, 2.001))
    phase = _replay("a.json", speed=2, until="1s")
    (chunk,) = traffic_of({"arrivals": [phase]}).chunks

    assert chunk.arrived_at_ns.tolist() == [0, 500 * MS, 750 * MS]


def test_nothing_left_of_a_log_is_no_verdict(
    traffic_of: TrafficOf, log_file: LogFile
) -> None:
    """Nobody comes, and it is said why."""
    log_file("a.json", _ndjson(0.001, m="GET"))
    traffic = traffic_of({"arrivals": [_replay("a.json", where={"m": "PUT"})]})

    assert list(traffic.chunks) == []
    assert traffic.no_verdict == "a.json: where m leaves none of 1 requests"
