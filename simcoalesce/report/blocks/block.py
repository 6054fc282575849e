"""Sections: what a report says, whatever form it takes."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Block:
    """A heading, sentences, a table, and what to know of the table.

    Attributes:
        title: The heading.
        lines: Sentences above the table.
        header: Column names; none without a table.
        rows: Cells.
        numbers: Which columns hold numbers, from 0.
        notes: Sentences below.
    """

    title: str
    lines: Sequence[str] = ()
    header: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    numbers: Sequence[int] = ()
    notes: Sequence[str] = ()
