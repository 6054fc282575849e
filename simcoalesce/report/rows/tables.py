"""The three tables of a run, by the name of a file."""

from pathlib import PurePath
from typing import TYPE_CHECKING

from simcoalesce.outcomes import Outcomes

if TYPE_CHECKING:
    import pandas as pd


def table_of(outcomes: Outcomes, name: str) -> "pd.DataFrame":
    """Return the table that a file is called after; the requests, if after none."""
    stem = PurePath(name).stem
    if stem == "usage":
        return outcomes.usage_table
    return outcomes.origin_hits if stem == "origin_hits" else outcomes.requests


def has_rows(name: str) -> bool:
    """Return whether that table has a line for each request, or for each call."""
    return PurePath(name).stem != "usage"
