"""Clock and limits of a scenario."""

from datetime import UTC, datetime

from simcoalesce.report.blocks.scenario_text import (
    clock_text,
    limit_text,
    rate_limits,
)
from tests.builders import a_path, an_origin
from tests.unit.report.builders import MS, S, a_context

AT_NINE = a_context(starts_at=datetime(2026, 6, 5, 21, tzinfo=UTC))


def test_the_clock_is_cut_not_rounded() -> None:
    """21:03:00.999 is not yet 21:03:01."""
    assert clock_text(AT_NINE, 180 * S + 999 * MS) == "21:03:00"
    assert clock_text(AT_NINE, 180 * S + 999 * MS, digits=2) == "21:03:00.99"


def test_without_a_clock_the_time_of_the_run_is_told() -> None:
    """No scenario, or one that does not say when."""
    assert clock_text(None, 1_500 * MS, digits=1) == "t = 1.5 s"
    assert clock_text(a_context(), 90 * S) == "t = 90 s"


def test_the_second_day_is_named() -> None:
    """Three hours after 21:00 another day begins."""
    assert clock_text(AT_NINE, 3 * 3_600 * S) == "06 Jun 00:00:00"


def test_limits_are_those_of_the_origin() -> None:
    """None without a scenario, or without a limit."""
    limit = {"kind": "token_bucket", "rate": "100/s", "burst": "2k"}
    path = a_path("kv.read", an_origin(rate_limit=limit))

    texts = [limit_text(limit) for limit in rate_limits(a_context(path=path))]

    assert texts == ["token bucket, rate 100/s, burst 2,000"]
    assert rate_limits(None) == rate_limits(a_context(path=a_path(an_origin()))) == ()


def test_a_limit_says_whose_calls_it_counts() -> None:
    """Where it is not those of all."""
    limit = {"kind": "fixed_window", "limit": 5, "per": "5m", "for_each": "tenant"}
    limits = rate_limits(a_context(path=a_path(an_origin(rate_limit=limit))))

    assert [limit_text(limit) for limit in limits] == [
        "fixed window, limit 5, per 5m, for each tenant"
    ]
