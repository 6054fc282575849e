"""What values look like."""

from collections.abc import Callable
from typing import Any

import pytest

from simcoalesce.logs import sample_values as looks


@pytest.mark.parametrize(
    ("test", "yes", "no"),
    [
        (looks.is_date, "[05/Jun/2026:12:00:00 +0000]", "2026-06-05"),
        (looks.is_date, "2026-06-05 12:00:00,123", 1_780_660_800),
        (looks.is_day, "2026-06-05", "2026-06-05T12:00"),
        (looks.is_clock, "12:00:00.5", "12:00"),
        (looks.is_number, "0.010, -", "12ms"),
        (looks.is_number, 7, True),
        (looks.is_instant, "1780660800123456", "12"),
        (looks.is_status, "502, 200", "OK"),
        (looks.is_method, "get", "GETS"),
        (looks.is_host, "shop.example:443", "TLSv1.2"),
        (looks.is_host, "192.0.2.7", "shop"),
        (looks.is_address, "2001:db8::1", "shop.example"),
        (looks.is_url, "https://a.example/p", "a.example/p"),
        (looks.is_located, "a.example/p", "/a.example/p"),
        (looks.is_located, "a.example/p", 7),
        (looks.is_request_line, "GET /p HTTP/1.1", "GET"),
        (looks.is_request_line, "GET /p", 7),
        (looks.is_cache, "TCP_MEM_HIT", "fast"),
        (looks.is_cache, True, 1),
        (looks.is_name, "a", 1.5),
        (looks.is_cache_word, "MISS", "miss"),
        (looks.is_host_name, "a.example", "192.0.2.7"),
        (looks.is_thousandths, "0.130", "0.13"),
        (looks.is_whole, "130", "-1"),
        (looks.is_measured, "13ms", "13"),
    ],
)
def test_a_value_looks_like_what_it_is(
    test: Callable[[Any], bool], yes: Any, no: Any
) -> None:
    """And another does not."""
    assert (test(yes), test(no)) == (True, False)


@pytest.mark.parametrize(
    ("value", "unit"),
    [
        (1_780_660_800.5, "s"),
        ("1780660800130", "ms"),
        (1_780_660_800_130_000, "us"),
        ("1780660800130000000", "ns"),
        ("0.5", ""),
        ("2026", ""),
        (True, ""),
        ("1, 2", ""),
    ],
)
def test_an_epoch_has_the_unit_of_its_size(value: Any, unit: str) -> None:
    """From 1990 to 2099, no number has two."""
    assert looks.epoch_unit(value) == unit


@pytest.mark.parametrize(
    ("value", "resolution_s"),
    [
        ("1780660800.130", 1e-3),
        ("1780660800130", 1e-3),
        ("2026-06-05T12:00:00.5Z", 0.1),
        ("05/Jun/2026:12:00:00 +0000", 1.0),
        ("x", 86_400.0),
    ],
)
def test_a_stamp_is_as_fine_as_its_digits(value: str, resolution_s: float) -> None:
    """A text that is none is the coarsest."""
    assert looks.resolution_s(value) == pytest.approx(resolution_s)


def test_a_number_beyond_floats_counts_nothing() -> None:
    """JSON has whole numbers of any length."""
    assert looks.epoch_unit(10**400) == ""


def test_most_values_decide() -> None:
    """One of ten may be another; nothing decides nothing."""
    assert looks.mostly(looks.is_number, ["1"] * 9 + ["x"])
    assert not looks.mostly(looks.is_number, ["1"] * 8 + ["x"])
    assert not looks.mostly(looks.is_number, [None, "-", ""])


def test_a_unit_may_be_written_with_a_duration() -> None:
    """Also with either letter for micro."""
    assert [looks.measured_unit(one) for one in ("0.05s", "12 ms", "3µs", "7", 7)] == [
        *("s", "ms", "us", "", "")
    ]
