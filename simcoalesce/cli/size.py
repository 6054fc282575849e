"""Sizes: a run that nobody can wait for is refused, a long one announced."""

import os
from typing import Final

import click

from simcoalesce.cli.arguments import Unusable
from simcoalesce.scenario.scenario import Scenario

BYTES_PER_REQUEST: Final = 400
"""What a run needs for each row of a request, roughly (docs/performance.md)."""
_MANY: Final = 50_000_000
_MOST: Final = 2e10


def check_size(
    scenario: Scenario, replications: int | None, *, all_rows: bool, quiet: bool
) -> None:
    """Refuse rows that do not fit into memory; announce a run that lasts.

    Raises:
        Unusable: If the rows of one run are larger than the memory of this machine, or
            nobody could wait for it.
    """
    requests = scenario.traffic.expected_requests(scenario.duration_ns)
    if requests > _MOST:
        raise Unusable(
            f"about {requests:,.0f} requests would come; that would take hours, at ten"
            " million a second: lower the rates or the duration"
        )
    needed_gib = requests * BYTES_PER_REQUEST / 2**30
    memory_gib = _memory_bytes() / 2**30
    if all_rows and needed_gib > memory_gib:
        raise Unusable(
            f"about {requests:,.0f} requests would come; their rows need"
            f" {needed_gib:,.0f} GiB of memory, and this machine has"
            f" {memory_gib:,.0f}: ask for no rows (-o), or lower the rates or the"
            " duration"
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
