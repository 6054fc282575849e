"""Blocks: what a report says, whatever form it takes."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Block:
    """A heading, sentences, a table, and what to know of the table.

    Attributes:
        title: The heading; may be empty.
        lines: Sentences above the table.
        header: Column names; none without a table.
        rows: The cells of each row.
        numbers: Which columns hold numbers, from 0.
        notes: Sentences below.
        pictures: Kinds of pictures that show the same, where a form has pictures.
    """

    title: str = ""
    lines: Sequence[str] = ()
    header: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    numbers: Sequence[int] = ()
    notes: Sequence[str] = ()
    pictures: Sequence[str] = ()
