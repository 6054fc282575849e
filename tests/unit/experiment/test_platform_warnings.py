"""A refusal that takes no time can be shared by nobody, and the run says so."""

import pytest

from simcoalesce import Scenario, replicate


def _warnings(rejects_in: str, *, layer: str = "single_flight", limit: int = 1) -> str:
    """Return what is said of four requests: one fetch, and one second later three."""
    scenario = Scenario.parse(
        f"""
        duration: 5s
        traffic:
          arrivals:
            - {{kind: burst, requests: 1, within: 0ms}}
            - {{kind: burst, requests: 3, within: 0ms, at: 1s}}
        origin:
          latency: 10ms
          rejects_in: {rejects_in}
          rate_limit: {{kind: fixed_window, limit: {limit}, per: 1m}}
        path: [{layer}, origin]
        """
    )
    return "; ".join(replicate(scenario, replications=1).warnings)


def test_refusals_at_the_instant_of_the_call_are_warned_of() -> None:
    """Each of the three finds no flight that it could join."""
    assert _warnings("0ms") == (
        "the origin refuses 3 calls at the very instant of the call (rejects_in: 0ms),"
        " so nobody can join their flights at the single flight; write rejects_in: 1ms"
        " to let others share a refusal"
    )


@pytest.mark.parametrize(
    ("rejects_in", "layer", "limit"),
    [("1ms", "single_flight", 1), ("0ms", "memory", 1), ("0ms", "single_flight", 9)],
)
def test_no_other_refusals_are(rejects_in: str, layer: str, limit: int) -> None:
    """They take time, or nothing would share them, or there are none."""
    assert not _warnings(rejects_in, layer=layer, limit=limit)
