"""Sizes: a run that no machine can hold is refused, a long one announced."""

import os
from typing import Final

import click

from simcoalesce.cli.arguments import Unusable
from simcoalesce.scenario.scenario import Scenario

BYTES_PER_REQUEST: Final = 400
"""What a run needs for each request, roughly (docs/performance.md)."""
_MANY: Final = 50_000_000


def check_size(scenario: Scenario, replications: int | None, *, quiet: bool) -> None:
    """Refuse a scenario that does not fit into memory; announce one that lasts.

    Raises:
        Unusable: If the rows of one run are larger than the memory of this machine.
    """
    requests = scenario.traffic.expected_requests(scenario.duration_ns)
    needed_gib = requests * BYTES_PER_REQUEST / 2**30
    memory_gib = _memory_bytes() / 2**30
    if needed_gib > memory_gib:
        raise Unusable(
            f"about {requests:,.0f} requests would come; they need"
            f" {needed_gib:,.0f} GiB of memory, and this machine has"
            f" {memory_gib:,.0f}: lower the rates or the duration"
        )
    runs = replications or scenario.replications
    if requests * runs > _MANY and not quiet:
        click.echo(
            f"About {requests:,.0f} requests in each of {runs} runs: this lasts."
            " Fewer runs: --reps 2.",
            err=True,
        )


def _memory_bytes() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
