"""Limits: each is found in the calls that it admitted and refused."""

from typing import Any

import numpy as np
import pytest

from simcoalesce.fit.admissions import Admissions
from simcoalesce.fit.limit_candidates import limit_candidates
from simcoalesce.model.rate_limit import RateLimit
from simcoalesce.randomness import Stream
from simcoalesce.units import parse_duration

START_NS = 1_796_000_003_000_000_000
"""Three seconds into a window of ten of the wall clock."""


def calls_under(written: dict[str, Any], rate_per_s: float = 60) -> Admissions:
    """Return Poisson calls of a minute under a limit; each takes 50 to 150 ms."""
    uniforms = Stream(1, "calls").uniforms(np.arange(round(60 * rate_per_s)))
    at_ns = np.cumsum((-np.log(uniforms) / rate_per_s * 1e9).astype(np.int64))
    took_ns = 50_000_000 + at_ns % 100_000_000
    limiter = RateLimit.model_validate(written).limiter()
    refused = np.zeros(len(at_ns), dtype=np.bool_)
    for index, at in enumerate(at_ns.tolist()):
        refused[index] = limiter.wait_ns(at) > 0
        if not refused[index]:
            limiter.take(at, at + int(took_ns[index]))
    return Admissions(
        np.round(at_ns / 1e9, 3), (at_ns + took_ns) / 1e9, refused, START_NS
    )


@pytest.mark.parametrize(
    "written",
    [
        {"kind": "token_bucket", "rate": "40/s", "burst": 60},
        {"kind": "fixed_window", "limit": 300, "per": "10s", "offset": "3s"},
        {"kind": "fixed_window", "limit": 40, "per": "1s", "offset": "400ms"},
        {"kind": "sliding_window", "limit": 200, "per": "5s"},
        {"kind": "concurrency", "limit": 4},
    ],
    ids=lambda written: f"{written['kind']}-{written.get('per', '')}",
)
def test_the_limit_is_found(written: dict[str, Any]) -> None:
    """Kind and numbers, from calls whose instants are rounded to milliseconds."""
    best, second, *_ = limit_candidates(calls_under(written))

    found = {key: value for key, value in best.written.items() if key != "offset"}
    assert found == {key: value for key, value in written.items() if key != "offset"}
    assert second.contradictions > 10 * best.contradictions


@pytest.mark.parametrize(("per", "offset"), [("10s", "3s"), ("1s", "400ms")])
def test_the_phase_of_a_window_is_found(per: str, offset: str) -> None:
    """That of the wall clock, 3 s old when the log begins, and another."""
    limit = {"kind": "fixed_window", "limit": 40, "per": per, "offset": offset}
    best, *_ = limit_candidates(calls_under(limit))

    found_ns = parse_duration(best.written["offset"])
    assert abs(found_ns - parse_duration(offset)) <= 30_000_000
