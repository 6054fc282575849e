"""Which field says what."""

from typing import Any

import pytest

from simcoalesce.logs.field_choice import choose

AT = "2026-06-05T12:00:00.000Z"


def chosen(*rows: dict[str, Any]) -> dict[str, str]:
    """Return the fields of some lines."""
    names = dict.fromkeys(name for row in rows for name in row)
    return choose({name: [row.get(name) for row in rows] for name in names}).fields


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            {"time": 1780660800130, "req.method": "GET", "req.url": "/p",
             "req.headers.host": "a.example", "res.statusCode": 200},
            {"time": "time", "method": "req.method", "url": "req.url",
             "host": "req.headers.host", "status": "res.statusCode"},
        ),
        (
            {"@timestamp": AT, "event.duration": 130_000_000, "url.path": "/p",
             "url.original": "/p?x=1", "http.response.status_code": 200},
            {"time": "@timestamp", "duration": "event.duration",
             "url": "url.original", "status": "http.response.status_code"},
        ),
        (
            {"started_at": 1780660800130, "request.uri": "/p", "latencies.request": 9,
             "latencies.proxy": 8},
            {"time": "started_at", "url": "request.uri",
             "duration": "latencies.request", "origin_duration": "latencies.proxy"},
        ),
        ({"when": AT, "page": "a.example/p"}, {"time": "when", "url": "page"}),
        ({"t_ms": "12.5", "key": "/a"}, {"time": "t_ms", "key": "key"}),
        ({"time": "33898", "size": "512", "lbn": "42"}, {"time": "time", "key": "lbn"}),
        (
            {"date": "2026-06-05", "time": "12:00:00", "cs-uri-stem": "/p",
             "cs-uri-query": "a=1"},
            {"time": "{date} {time}", "path": "cs-uri-stem", "query": "cs-uri-query"},
        ),
        ({"seen": AT, "what": "/p/1"}, {"time": "seen", "url": "what"}),
        (
            {"ts": AT, "request": "GET /p HTTP/1.1"},
            {"time": "ts", "request": "request"},
        ),
    ],
)  # fmt: skip
def test_names_and_values_tell_the_fields(
    row: dict[str, Any], expected: dict[str, str]
) -> None:
    """Of logs whose format nobody declared."""
    assert chosen(row) == expected


def test_of_two_stamps_of_one_instant_the_finer_is_read() -> None:
    """As nginx writes both."""
    row = {"time_local": "05/Jun/2026:12:00:00 +0000", "msec": "1780660800.130"}

    assert chosen(row | {"request_uri": "/p"})["time"] == "msec"


def test_a_start_is_read_before_an_end() -> None:
    """Both are instants of the request."""
    choice = choose({"end_time": [AT], "start_time": [AT], "url": ["/p"]})

    assert (choice.fields["time"], choice.time_is) == ("start_time", "start")


def test_an_end_alone_is_an_end() -> None:
    """The name says so."""
    choice = choose({"finished_at": [AT], "url": ["/p"]})

    assert (choice.fields["time"], choice.time_is) == ("finished_at", "end")


@pytest.mark.parametrize(
    ("samples", "field", "candidates"),
    [
        ({"url": ["/p"], "a": ["1780660800"], "b": ["7"]}, "time", ["a"]),
        ({"seen": [AT], "sent": ["2026-06-05T13:00:00Z"], "url": ["/p"]}, "time",
         ["seen", "sent"]),
        ({"ts": [AT], "first": ["/p"], "second": ["/q"]}, "url", ["first", "second"]),
        ({"ts": [AT], "product": ["shoe"], "shop": ["a"]}, "url", ["product", "shop"]),
        ({"ts": [AT], "url": ["/p"], "latency": ["12"]}, "duration", ["latency"]),
        ({"ts": [AT], "url": ["/p"], "duration_ms": ["1"], "elapsed_ms": ["2"]},
         "duration", ["duration_ms", "elapsed_ms"]),
    ],
)  # fmt: skip
def test_what_is_not_certain_is_a_question(
    samples: dict[str, list[Any]], field: str, candidates: list[str]
) -> None:
    """With the candidates; nothing is read there."""
    choice = choose(samples)

    assert choice.questions[field] == candidates
    assert field not in choice.fields


def test_instants_of_a_run_are_no_wall_clock() -> None:
    """A name with a unit and a small number."""
    choice = choose({"arrived_at_s": ["0.25"], "key": ["a"]})

    assert (choice.is_wall_clock, choice.units["time"]) == (False, "s")


def test_a_clients_address_is_no_host_if_there_is_another() -> None:
    """LTSV calls the client so."""
    row = {"time": AT, "host": "192.0.2.7", "vhost": "a.example", "uri": "/p"}

    assert chosen(row)["host"] == "vhost"


def test_a_duration_may_bring_its_unit() -> None:
    """As Google and Go write it."""
    choice = choose({"ts": [AT], "url": ["/p"], "latency": ["0.058s"]})

    assert choice.units["duration"] == "text"
