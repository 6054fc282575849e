"""NDJSON lines."""

from collections.abc import Callable

import pytest

from simcoalesce.logs.log import Log

LogOf = Callable[..., Log]


@pytest.mark.parametrize(
    ("time", "expected_ns"),
    [
        ("1780660800", 1_780_660_800_000_000_000),
        ("1780660800.123456789", 1_780_660_800_123_456_789),
        ("1780660800123", 1_780_660_800_123_000_000),
        ("1780660800123456", 1_780_660_800_123_456_000),
        ("1780660800123456789", 1_780_660_800_123_456_789),
        ('"1780660800.123"', 1_780_660_800_123_000_000),
        ("0.25", 250_000_000),
        ('"2026-06-05T21:00:00+09:00"', 1_780_660_800_000_000_000),
        ('"2026-06-05T12:00:00.123456789Z"', 1_780_660_800_123_456_789),
        ('"2026-06-05 12:00:00"', 1_780_660_800_000_000_000),
        ('"05/Jun/2026:21:00:00 +0900"', 1_780_660_800_000_000_000),
    ],
)
def test_times_are_read_in_all_their_forms(
    log_of: LogOf, time: str, expected_ns: int
) -> None:
    """Numbers of any unit, quoted or not, and dates all name the same instant."""
    assert log_of(f'{{"time": {time}}}').at_ns.tolist() == [expected_ns]


def test_fields_have_names_of_your_choice(log_of: LogOf) -> None:
    """A name with a point looks into an object, unless a field has that very name."""
    fields = {
        "time": "@timestamp",
        "key": "http.url",
        "location": "pop.id",
        "isolate": "w",
    }
    line = '{"@timestamp": 1, "http.url": "/a", "pop": {"id": "icn"}, "w": 4, "x": []}'
    log = log_of(line, fields=fields)

    assert (log.at_ns.tolist(), log.targets) == ([10**9], ((None, "/a"),))
    assert (log.locations, log.isolate.tolist()) == (("icn",), [4])


def test_fields_that_are_not_named_may_be_missing(log_of: LogOf) -> None:
    """Only the time must be there; an empty key says nothing."""
    log = log_of('{"time": 1, "key": ""}')

    assert (log.at_ns.tolist(), log.target.tolist()) == ([10**9], [-1])


def test_a_field_that_is_named_must_be_there(log_of: LogOf) -> None:
    """A slip in a name is not silently no key at all; the message lists the names."""
    with pytest.raises(ValueError, match=r'no field "ulr" \(there are: time, url\)'):
        log_of('{"time": 1, "url": "/a"}', fields={"key": "ulr"})


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[1]",
        "{}",
        '{"time": true}',
        '{"time": NaN}',
        '{"time": "noon"}',
        '{"time": 1e99}',
        '{"time": 1, "key": {}}',
        '{"time": ' + "9" * 5_000 + "}",
        '{"time": ' + "[" * 60_000,
    ],
)
def test_what_is_no_entry_is_refused(log_of: LogOf, line: str) -> None:
    """Broken JSON, odd times and endless nesting are bad lines, nothing worse."""
    with pytest.raises(ValueError, match=r"a\.log: 1 of 1 lines do not parse: line 1"):
        log_of(line, format="ndjson")
