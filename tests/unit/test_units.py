"""Values with units: read, checked, and written as they were read."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from simcoalesce import units
from simcoalesce.units import (
    format_duration,
    format_rate,
    format_ratio,
    format_size,
    parse_count,
    parse_duration,
    parse_rate,
    parse_ratio,
    parse_size,
)

HOSTILE = ["", " ", "-1", "-5ms", "nan", "inf", "ms", "1 2", "0x10", "1e999999999"]


@pytest.mark.parametrize(
    ("written", "duration_ns"),
    [
        ("80ms", 80_000_000),
        ("1.5s", 1_500_000_000),
        (" 5 us ", 5_000),
        ("5µs", 5_000),
        ("1m30s", 90_000_000_000),
        ("2min", 120_000_000_000),
        ("1h", 3_600_000_000_000),
        ("1d", 86_400_000_000_000),
        ("1_000ns", 1_000),
        ("1e3ns", 1_000),
        ("0.1us", 100),
        (".5ms", 500_000),
        ("0s", 0),
    ],
)
def test_a_duration_is_read_in_whole_nanoseconds(
    written: str, duration_ns: int
) -> None:
    """In decimals, never through a float."""
    assert parse_duration(written) == duration_ns


@pytest.mark.parametrize("number", [80, 0.5])
def test_a_bare_number_is_no_duration(number: float) -> None:
    """The message says what to write."""
    with pytest.raises(
        ValueError, match=f'"{number}" has no unit; write e.g. {number}ms'
    ):
        parse_duration(number)


@pytest.mark.parametrize("written", [*HOSTILE, "80", "80mss", True, None, "80 parsecs"])
def test_what_is_no_duration_is_refused(written: object) -> None:
    """With a message that shows how."""
    with pytest.raises(ValueError, match="is not a duration; write a number and"):
        parse_duration(written)


@pytest.mark.parametrize("written", ["36501d", "1e99h"])
def test_a_duration_has_a_longest(written: str) -> None:
    """So that sums stay within 64 bits."""
    with pytest.raises(ValueError, match="longer than a hundred years"):
        parse_duration(written)


@given(st.integers(0, 100 * 365 * 86_400 * 10**9))
def test_a_duration_can_be_read_as_it_is_written(duration_ns: int) -> None:
    """Exact, whatever the unit."""
    assert parse_duration(format_duration(duration_ns)) == duration_ns


@pytest.mark.parametrize(
    ("duration_ns", "written"),
    [
        (0, "0ms"),
        (7, "7ns"),
        (1_500, "1.5us"),
        (80_000_000, "80ms"),
        (60_000_000_000, "60s"),
        (120_000_000_000, "2m"),
        (7_200_000_000_000, "2h"),
        (1_234_567_891, "1.234567891s"),
    ],
)
def test_a_duration_is_written_for_people(duration_ns: int, written: str) -> None:
    """In the largest unit that keeps it exact."""
    assert format_duration(duration_ns) == written


@pytest.mark.parametrize(
    ("written", "count"),
    [(800, 800), ("10k", 10_000), ("1.2M", 1_200_000), ("1G", 10**9), ("0", 0)],
)
def test_a_count_is_whole(written: object, count: int) -> None:
    """Also with a multiplier."""
    assert parse_count(written) == count


@pytest.mark.parametrize("written", [*HOSTILE, True, "10kk", None, "1e16"])
def test_what_is_no_count_is_refused(written: object) -> None:
    """Negative, hexadecimal, endless, or no number at all."""
    with pytest.raises(ValueError, match=r"not a count|more than 10\^15"):
        parse_count(written)


def test_half_a_request_is_refused() -> None:
    """1.2345k is 1234.5."""
    with pytest.raises(ValueError, match="not a whole number"):
        parse_count("1.2345k")


@pytest.mark.parametrize(
    ("written", "rate_per_s"),
    [
        ("100/s", 100),
        ("2k/s", 2_000),
        ("300/min", 5),
        ("1200/5m", 4),
        ("1/500ms", 2),
        ("0.5 / s", 0.5),
    ],
)
def test_a_rate_is_per_second(written: str, rate_per_s: float) -> None:
    """Whatever the time it is written for."""
    assert parse_rate(written) == rate_per_s


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (100, "not a rate"),
        ("100", "not a rate"),
        ("0/s", "not above zero"),
        ("1/0s", "divides by zero"),
        ("1e99/s", "more than 10"),
        ("-1/s", "not a rate"),
    ],
)
def test_what_is_no_rate_is_refused(written: object, message: str) -> None:
    """Without a time, or impossible."""
    with pytest.raises(ValueError, match=message):
        parse_rate(written)


@given(st.integers(1, 10**6), st.sampled_from(["s", "min", "h", "7s", "3m"]))
def test_a_rate_can_be_read_as_it_is_written(number: int, time: str) -> None:
    """Bit for bit."""
    rate = parse_rate(f"{number}/{time}")

    assert parse_rate(format_rate(rate)) == pytest.approx(rate, rel=1e-15)


@pytest.mark.parametrize(
    ("written", "ratio"), [("5%", 0.05), (0.05, 0.05), ("100%", 1), (1, 1), (0, 0)]
)
def test_a_share_is_read_with_or_without_percent(written: object, ratio: float) -> None:
    """In [0, 1]."""
    assert parse_ratio(written) == ratio


@pytest.mark.parametrize("written", [*HOSTILE, "101%", 1.5, True, "5 percent"])
def test_what_is_no_share_is_refused(written: object) -> None:
    """Above one, negative, or no number."""
    with pytest.raises(ValueError, match=r"not a share|above 1"):
        parse_ratio(written)


@given(st.decimals(0, 1, places=6))
def test_a_share_can_be_read_as_it_is_written(ratio: Decimal) -> None:
    """In percent."""
    assert parse_ratio(format_ratio(float(ratio))) == float(ratio)


@pytest.mark.parametrize(
    ("written", "size_bytes"),
    [("512B", 512), ("2kB", 2_000), ("64KiB", 65_536), ("1.5MiB", 1_572_864)],
)
def test_a_size_is_in_bytes(written: str, size_bytes: int) -> None:
    """Decimal and binary units are what they say."""
    assert parse_size(written) == size_bytes


@pytest.mark.parametrize("written", [*HOSTILE, 512, "1e99B", "5 bytes", True])
def test_what_is_no_size_is_refused(written: object) -> None:
    """Without a unit, or beyond all measure."""
    with pytest.raises(ValueError, match=r"not a size|more than 10\^15"):
        parse_size(written)


@given(st.integers(0, 10**12))
def test_a_size_can_be_read_as_it_is_written(size_bytes: int) -> None:
    """Exact, in the largest binary unit that allows it."""
    assert parse_size(format_size(size_bytes)) == size_bytes


@pytest.mark.parametrize(
    ("kind", "written", "kept"),
    [
        (units.Duration, "0s", 0),
        (units.OptionalDuration, "unlimited", None),
        (units.OptionalDuration, "1s", 10**9),
        (units.OptionalRate, "unlimited", None),
        (units.OptionalCount, "0", 0),
        (units.OptionalPositiveCount, None, None),
        (units.PositiveCount, "1k", 1_000),
        (units.Ratio, "5%", 0.05),
        (units.Size, "2KiB", 2_048),
    ],
)
def test_a_field_keeps_the_number_and_writes_the_text(
    kind: Any, written: object, kept: object
) -> None:
    """What is written back is read again as the same."""
    adapter: TypeAdapter[Any] = TypeAdapter(kind)
    value = adapter.validate_python(written)

    assert value == kept
    assert adapter.validate_python(adapter.dump_python(value, mode="json")) == kept


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        (units.PositiveDuration, "0s"),
        (units.PositiveDuration, "0.1ns"),
        (units.PositiveCount, 0),
        (units.OptionalPositiveCount, "0"),
    ],
)
def test_what_must_be_above_zero_is(kind: Any, written: object) -> None:
    """Also after rounding to whole nanoseconds."""
    with pytest.raises(ValidationError, match="must be above zero"):
        TypeAdapter(kind).validate_python(written)


def test_the_schema_of_a_field_shows_how_to_write_it() -> None:
    """An editor offers the text, not the number inside."""
    schema = TypeAdapter(units.Duration).json_schema()

    assert (schema["type"], schema["examples"]) == ("string", ["80ms"])
