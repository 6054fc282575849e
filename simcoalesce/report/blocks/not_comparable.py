"""The words for numbers that are not comparable, in every report."""

from typing import TYPE_CHECKING

from simcoalesce.experiment.answered import MARGIN_RATIO
from simcoalesce.report.blocks.number_format import listed, share

if TYPE_CHECKING:
    from collections.abc import Sequence


def what_is_not_comparable(margin_ratio: float = MARGIN_RATIO) -> str:
    """Return of which requests latencies and ages are that do not compare."""
    return (
        "latencies and ages of answered requests where the shares of errors differ by"
        f" more than {share(margin_ratio, 1)} of the requests, so that others were"
        " answered"
    )


def not_comparable_text(metrics: "Sequence[str]") -> str:
    """Return which metrics do not compare, and why; empty if all do."""
    told = f"{listed([*metrics])} not comparable: {what_is_not_comparable()}."
    return told if metrics else ""
