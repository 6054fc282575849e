"""What the limits of an origin allow."""

from typing import Any

import numpy as np
import pytest

from simcoalesce.outcomes import OriginRows
from simcoalesce.report.blocks.scenario_text import rate_limits
from simcoalesce.report.rows.allowance import allowed_so_far
from tests.builders import a_path, an_origin
from tests.unit.report.builders import MS, S, a_context, calls_of


def allowed_at(calls: OriginRows, limit: dict[str, Any], at_ns: int) -> float:
    """Return what a limit allows at an instant of a ten-second run."""
    path = a_path(an_origin(rate_limit=limit))
    found = allowed_so_far(calls, rate_limits(a_context(path=path)), 0, 10 * S)
    assert found is not None
    instants_ns, allowed = found
    return float(allowed[np.searchsorted(instants_ns, at_ns, side="right") - 1])


def some_calls(count: int, status: int = 200) -> OriginRows:
    """Return calls one ms apart, from 1 s on."""
    called = S + np.arange(count) * MS
    return calls_of(np.arange(count), called, called + 20 * MS, np.full(count, status))


def test_a_fixed_window_allows_its_limit_and_then_as_much_again() -> None:
    """What was not used in a window is gone with it."""
    limit = {"kind": "fixed_window", "limit": 30, "per": "5s"}

    assert allowed_at(some_calls(20), limit, 2 * S) == 30
    assert allowed_at(some_calls(20), limit, 8 * S) == 20 + 30


def test_a_token_bucket_allows_no_more_than_its_burst_beyond_what_came() -> None:
    """However long it was idle: tokens that find no place are lost."""
    limit = {"kind": "token_bucket", "rate": "10/s", "burst": 40}

    assert allowed_at(some_calls(20), limit, 0) == 40
    assert allowed_at(some_calls(20), limit, 9 * S) == 20 + 40


def test_refused_calls_use_nothing_up() -> None:
    """They are not admitted."""
    limit = {"kind": "fixed_window", "limit": 30, "per": "1m"}

    assert allowed_at(some_calls(20, status=429), limit, 5 * S) == 30


def test_a_real_origin_may_admit_more_than_its_described_limit() -> None:
    """Rows that were observed are drawn as they are; the limit stays what it is."""
    limit = {"kind": "fixed_window", "limit": 5, "per": "1m"}

    assert allowed_at(some_calls(20), limit, 5 * S) == 20


def test_what_is_far_above_has_no_number() -> None:
    """A limit of a million needs no million probes."""
    limit = {"kind": "fixed_window", "limit": "1M", "per": "1m"}

    assert np.isnan(allowed_at(some_calls(20), limit, 5 * S))


@pytest.mark.parametrize("whose", ["key", "tenant"])
def test_limits_that_are_counted_apart_have_no_line(whose: str) -> None:
    """No number of calls is the limit of all keys."""
    limit = {"kind": "fixed_window", "limit": 5, "per": "1m", "for_each": whose}
    limits = rate_limits(a_context(path=a_path(an_origin(rate_limit=limit))))

    assert allowed_so_far(some_calls(3), limits, 0, S) is None


def test_without_limits_nothing_is_drawn() -> None:
    """An origin that never refuses has no line."""
    assert allowed_so_far(some_calls(3), (), 0, S) is None
