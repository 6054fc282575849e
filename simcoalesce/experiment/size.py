"""Size: a run that nobody can wait for, or whose rows do not fit, is refused."""

import os
from typing import Final

from simcoalesce.scenario.scenario import Scenario

BYTES_PER_REQUEST: Final = 400
"""What a run needs for each row of a request, roughly (docs/performance.md)."""
_MOST_REQUESTS: Final = 2e10
_LONG: Final = 50_000_000
"""So many requests in all take more than a few seconds."""


def check_size(
    scenario: Scenario, replications: int | None = None, *, all_rows: bool
) -> str:
    """Refuse a run that is too large for this machine.

    Args:
        scenario: What is to be simulated.
        replications: How often; the scenario's own number if absent.
        all_rows: Whether a row of each request is kept.

    Returns:
        What a user should know who waits for it; empty if it is short.

    Raises:
        ValueError: If the rows of one run are larger than the memory of this machine,
            or the run takes hours.
    """
    requests = expected_requests(scenario)
    if requests > _MOST_REQUESTS:
        raise ValueError(
            f"about {requests:,.0f} requests would come; that would take hours, at ten"
            " million a second: lower the rates or the duration"
        )
    needed_gib = requests * BYTES_PER_REQUEST / 2**30
    memory_gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    if all_rows and needed_gib > memory_gib:
        raise ValueError(
            f"about {requests:,.0f} requests would come; their rows need"
            f" {needed_gib:,.0f} GiB of memory, and this machine has"
            f" {memory_gib:,.0f}: ask for no rows (-o), or lower the rates or the"
            " duration"
        )
    runs = replications or scenario.replications
    if requests * runs <= _LONG:
        return ""
    return (
        f"About {requests:,.0f} requests in each of {runs} runs: this lasts."
        " Fewer runs: --reps 2."
    )


def expected_requests(scenario: Scenario) -> float:
    """Return about how many requests one run has."""
    return scenario.traffic.expected_requests(scenario.duration_ns)
