"""Instants in all the forms that logs have."""

import pytest
from pydantic import TypeAdapter, ValidationError

from simcoalesce.logs.instants import TimeFormat, TimeReader, TimeZone
from simcoalesce.run_bounds import HorizonError

NOON_NS = 1_780_660_800_000_000_000


@pytest.mark.parametrize(
    ("time_format", "written", "after_noon_ns"),
    [
        ("auto", "2026-06-05T12:00:00.123456789Z", 123_456_789),
        ("auto", "20260605T120000Z", 0),
        ("auto", "2026-06-05 12:00:00,250 +0000", 250_000_000),
        ("auto", "2026-06-05T12:00:00 UTC", 0),
        ("auto", "[05/Jun/2026:14:00:00.000125 +0200]", 125_000),
        ("auto", "1780660800.5", 500_000_000),
        ("epoch_s", "1780660800", 0),
        ("epoch_ms", "1780660800001.5", 1_500_000),
        ("epoch_us", "1780660800000007", 7_000),
        ("epoch_ns", "1780660800000000009", 9),
        ("%d.%m.%Y %H:%M:%S.%f", "05.06.2026 12:00:00.25", 250_000_000),
        ("%Y-%m-%d %H:%M:%S %z", "2026-06-05 14:00:00 +0200", 0),
    ],
)
def test_times_are_read_to_the_last_digit(
    time_format: str, written: str, after_noon_ns: int
) -> None:
    """Whatever their form, they name nanoseconds since 1970."""
    at_ns = TimeReader(time_format).instant_ns(written)

    assert at_ns == NOON_NS + after_noon_ns


@pytest.mark.parametrize(
    ("written", "zone", "hours"),
    [
        ("2026-06-05 14:00:00", "Europe/Berlin", 0),
        ("05/Jun/2026:14:00:00", "+02:00", 0),
        ("2026-01-05 13:00:00", "Europe/Berlin", -3_624),
        ("2026-06-05 12:00:00+00:00", "Europe/Berlin", 0),
    ],
)
def test_a_zone_is_for_times_that_name_none(
    written: str, zone: str, hours: int
) -> None:
    """Berlin is two hours ahead in June, and one in January."""
    at_ns = TimeReader(zone=zone).instant_ns(written)

    assert at_ns == NOON_NS + hours * 3_600 * 10**9


@pytest.mark.parametrize(
    "written", [True, None, "", "-", "noon", "2026-13-05 12:00", "2026-06-05T12:00:61Z"]
)
def test_what_is_no_time_is_refused(written: object) -> None:
    """The line is bad, nothing worse."""
    with pytest.raises(ValueError, match=r"time|second|month"):
        TimeReader().instant_ns(written)


def test_unknown_words_are_refused() -> None:
    """A format is a name or a pattern; a zone has a name or an offset."""
    with pytest.raises(ValidationError, match="is not a time format"):
        TypeAdapter(TimeFormat).validate_python("rfc822")
    with pytest.raises(ValidationError, match="is not a time zone"):
        TypeAdapter(TimeZone).validate_python("Mars/Base")


@pytest.mark.parametrize(
    "written", ["2026/06/05 12:00:00.130", "05.06.2026 12:00:00,130"]
)
def test_days_are_read_as_others_write_them(written: str) -> None:
    """Go and nginx with strokes; with points the day is first, and never the month."""
    expected = TimeReader().instant_ns("2026-06-05T12:00:00.130Z")

    assert TimeReader().instant_ns(written) == expected


@pytest.mark.parametrize(
    "written",
    [
        "0001-01-01T00:00:00Z",
        "1600-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "0001-01-01T00:00:00+23:59",
        "05/Jun/9999:12:00:00 +0000",
        "5000000000000000000",
    ],
)
def test_an_instant_beyond_the_horizon_is_none(written: str) -> None:
    """As Go's zero time, or a year of four nines: 1824 to 2116 are known."""
    with pytest.raises(HorizonError, match=r"is beyond the horizon .* from 1970"):
        TimeReader().instant_ns(written)


def test_a_count_beyond_the_horizon_is_none() -> None:
    """Instants of a run have the same horizon."""
    with pytest.raises(HorizonError, match="beyond the horizon of 146 years"):
        TimeReader(is_wall_clock=False).instant_ns("4611686019")
