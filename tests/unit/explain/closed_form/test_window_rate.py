"""The rate of a window is that of the arrivals in it, and can be varied."""

import numpy as np
import pytest
from pydantic import TypeAdapter

from simcoalesce.explain.closed_form.first_window import FirstBurst
from simcoalesce.explain.closed_form.window_rate import denser, rate_in_window
from simcoalesce.outcomes import NEVER
from simcoalesce.traffic.arrival import Arrival, PhaseStreams
from simcoalesce.units import NS_PER_S
from tests.unit.explain.builders import a_scenario

PHASES = [
    {"kind": "rate", "rate": "100/s"},
    {"kind": "burst", "requests": 100, "within": "1s"},
    {"kind": "even", "requests": 100, "every_request": "10ms"},
    {"kind": "even", "rate": "100/s", "for": "1s"},
    {"kind": "ramp", "from": "50/s", "to": "150/s", "for": "1s"},
    {"kind": "flash_crowd", "base": "50/s", "peak": "90/s", "decay": "1s"},
    {
        "kind": "mmpp",
        "quiet": "9/s",
        "busy": "90/s",
        "quiet_for": "1s",
        "busy_for": "1s",
    },
]


def a_burst(*at_s: float) -> FirstBurst:
    """Return requests of one key; nothing ends their misses."""
    at_ns = (np.array(at_s) * NS_PER_S).astype(np.int64)
    return FirstBurst(at_ns, at_ns, np.ones(len(at_ns), dtype=np.bool_), NEVER)


def test_a_steady_rate_is_measured_as_long_as_it_lasts() -> None:
    """Ten a second for ten seconds: nine or ten more in a second, 29 or 30 in three."""
    steady = a_burst(*np.arange(101) / 10)

    assert 9 <= rate_in_window([steady], 1.0) <= 10
    assert 29 / 3 <= rate_in_window([steady], 3.0) <= 10


def test_what_comes_later_and_denser_is_not_counted() -> None:
    """Ten a second, and 500 at once after five seconds."""
    later = a_burst(*np.arange(50) / 10, *(5 + np.arange(500) / 500))

    assert rate_in_window([later], 1.0) == pytest.approx(10, abs=1)


def test_a_burst_shorter_than_the_window_has_its_own_rate() -> None:
    """Eleven requests within a second: ten gaps."""
    assert rate_in_window([a_burst(*np.arange(11) / 10)], 5.0) == pytest.approx(10)


@pytest.mark.parametrize("phase", PHASES, ids=lambda phase: str(phase["kind"]))
def test_a_denser_phase_brings_so_many_times_the_requests(
    phase: dict[str, object],
) -> None:
    """In the same time; by four standard errors where they come by chance."""
    arrival = TypeAdapter(Arrival).validate_python(phase)
    streams, until_ns = PhaseStreams(1, 0), NS_PER_S
    twice = arrival.denser(8.0)
    assert twice is not None

    before, after = (
        sum(len(block[block < until_ns]) for block in one.instants(streams, until_ns))
        for one in (arrival, twice)
    )
    assert after == pytest.approx(8 * before, abs=4 * (8 * before**0.5 + after**0.5))


def test_only_what_the_window_sees_is_made_denser() -> None:
    """The second phase begins when the window is over."""
    phases = "{kind: rate, rate: 10/s}, {kind: burst, requests: 5, within: 1s, at: 9s}"
    scenario = a_scenario(f"traffic.arrivals=[{phases}]")

    found = denser(scenario, 2.0, seed=1, begin_s=1.0, window_s=1.0)
    assert found is not None
    assert [one.document()["kind"] for one in found] == ["rate", "burst"]
    assert found[0].document()["rate"] == "20/s"
    assert found[1] == scenario.traffic.arrivals[1]
