"""NDJSON lines."""

import pytest

from simcoalesce.traffic.log_format import Fields
from simcoalesce.traffic.log_formats.ndjson import Ndjson
from simcoalesce.traffic.recording import NOT_LOGGED

PLAIN = Ndjson("", Fields())


@pytest.mark.parametrize(
    ("time", "expected_ns"),
    [
        ("1780660800", 1_780_660_800_000_000_000),
        ("1780660800.123456789", 1_780_660_800_123_456_789),
        ("1780660800123", 1_780_660_800_123_000_000),
        ("0.25", 250_000_000),
        ('"2026-06-05T21:00:00+09:00"', 1_780_660_800_000_000_000),
        ('"2026-06-05T12:00:00.123456Z"', 1_780_660_800_123_456_000),
        ('"2026-06-05 12:00:00"', 1_780_660_800_000_000_000),
    ],
)
def test_times_are_read_in_all_their_forms(time: str, expected_ns: int) -> None:
    """Epoch seconds, epoch milliseconds and ISO 8601 all name the same instant."""
    assert PLAIN.entry(f'{{"time": {time}}}')[0] == expected_ns


def test_fields_have_names_of_your_choice() -> None:
    """A name with a point looks into an object, unless a field has that very name."""
    fields = Fields(time="@timestamp", key="http.url", location="pop.id", isolate="w")
    line = '{"@timestamp": 1, "http.url": "/a", "pop": {"id": "icn"}, "w": 4, "x": []}'

    assert Ndjson("", fields).entry(line) == (10**9, "/a", "icn", 4)


def test_fields_that_are_not_named_may_be_missing() -> None:
    """Only the time must be there; an empty key says nothing."""
    assert PLAIN.entry('{"time": 1, "key": ""}') == (10**9, None, None, NOT_LOGGED)


def test_a_field_that_is_named_must_be_there() -> None:
    """A slip in a name is not silently no key at all; the message lists the names."""
    with pytest.raises(ValueError, match=r'no field "ulr" \(there are: time, url\)'):
        Ndjson("", Fields(key="ulr")).entry('{"time": 1, "url": "/a"}')


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
def test_what_is_no_entry_is_refused(line: str) -> None:
    """Broken JSON, odd times and endless nesting are bad lines, nothing worse."""
    with pytest.raises(
        ValueError,
        match=r"JSON|no field|not an object|time|isoformat|text|nested|range|digits",
    ):
        PLAIN.entry(line)
