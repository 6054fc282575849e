"""A measured run on a terminal."""

from collections.abc import Mapping
from typing import Any, Final

from simcoalesce.report.blocks.measurement import agreement_block, agreement_sentence
from simcoalesce.report.terminal.lines import block_lines

_WIDTH: Final = 100


def measurement_text(document: Mapping[str, Any]) -> str:
    """Return the record of a measured run as text: predicted beside measured."""
    run, agreement = document["run"], document["agreement"]
    title = (
        f"{run['scenario']} on {run['runtime']}, seed {run['seed']},"
        f" time scale {run['time_scale']:g}"
    )
    lines = [
        title,
        "",
        *block_lines(agreement_block(run, agreement), _WIDTH),
        agreement_sentence(agreement),
    ]
    return "\n".join(line.rstrip() for line in lines)
