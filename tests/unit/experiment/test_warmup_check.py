"""A run of steady traffic that has not settled says so; others are not asked."""

import pytest

from simcoalesce import Scenario, replicate

RATE = "[{kind: rate, rate: 150/s}]"
BURST = "[{kind: burst, requests: 3000, within: 20s}]"
LATE = "[{kind: rate, rate: 150/s, at: 1s}]"


def _warnings(arrivals: str, *, latency: str = "10ms") -> tuple[str, ...]:
    scenario = Scenario.parse(
        f"""
        version: 1
        duration: 20s
        traffic: {{arrivals: {arrivals}}}
        origin: {{latency: {latency}, concurrency: 1}}
        path: [origin]
        """
    )
    return replicate(scenario, replications=1).warnings


def test_a_queue_that_grows_without_end_is_warned_of() -> None:
    """150 a second for an origin that does 100."""
    (warning,) = _warnings(RATE)

    assert "has not settled" in warning
    assert "the first 20s" in warning


def test_a_queue_that_keeps_up_is_not() -> None:
    """150 a second for an origin that does 1,000."""
    assert _warnings(RATE, latency="1ms") == ()


@pytest.mark.parametrize("arrivals", [BURST, LATE])
def test_what_is_not_meant_to_be_steady_gets_no_warning(arrivals: str) -> None:
    """A burst has an end, and a phase that comes later a beginning."""
    assert _warnings(arrivals) == ()
