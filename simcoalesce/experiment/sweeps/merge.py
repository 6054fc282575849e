"""Merge: the tables of all shards of a sweep become the table of the sweep."""

import re
from collections.abc import Iterable, Mapping, Sequence
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from simcoalesce.csv_text import read_rows
from simcoalesce.experiment.saved import other_schema
from simcoalesce.experiment.sweeps.shard import Shard
from simcoalesce.experiment.sweeps.sweep_table import MEASURED, NUMBERS, PART_OF, Row
from simcoalesce.regular_file import opened
from simcoalesce.unpacked import DAMAGED, unpacked

_TAIL: Final = (*MEASURED, *PART_OF)
_VERSION_1: Final = ("metric", "unit", "mean", "sd", "low", "high", "n", "reason")
"""What stood behind the axes in schema version 1."""
_COUNT: Final = re.compile(r"[0-9]{1,9}")
_NUMBER: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]{1,2})?")
"""A float as Python writes it, unless it is beyond 1e99."""
_MOST_SHOWN: Final = 5
_LONGEST_SHOWN: Final = 20


class _PartTable(NamedTuple):
    """The table of a shard.

    Attributes:
        path: Its file.
        head: The names of its columns.
        size: How many points the sweep has.
        shard: Which shard it is.
        plan: The digest of the sweep's plan.
        points: The rows of each point.
    """

    path: Path
    head: Row
    size: int
    shard: Shard
    plan: str
    points: Mapping[int, list[Row]]


def merged_rows(paths: Sequence[Path]) -> list[Row]:
    """Return the tables of shards as the one table that they are parts of.

    Raises:
        ValueError: If one cannot be read or is not whole, they are of
            different sweeps, or a shard is missing or there twice.
    """
    # A shard without a point has a table without a row, which says nothing of itself.
    tables = [table for path in paths if (table := _part_table(path))]
    if not tables:
        raise ValueError(f"{paths[0]} has no row")
    for table in tables:
        _check_same_sweep(tables[0], table)
    _check_shards(tables)
    points = {index: rows for table in tables for index, rows in table.points.items()}
    every = (row for index in sorted(points) for row in points[index])
    return [tables[0].head, *(_of_whole(row) for row in every)]


def _of_whole(row: Row) -> Row:
    *before, _, plan = row
    return (*before, str(Shard()), plan)


def _check_same_sweep(one: _PartTable, other: _PartTable) -> None:
    if (one.head, one.size, one.plan) != (other.head, other.size, other.plan):
        raise ValueError(
            f"{other.path} is of another sweep than {one.path}: its scenario,"
            " parameters, seeds or version differ"
        )
    if one.shard.of != other.shard.of:
        raise ValueError(
            f"{other.path} is one of {other.shard.of} shards, {one.path} of"
            f" {one.shard.of}"
        )


def _check_shards(tables: Sequence[_PartTable]) -> None:
    seen: dict[int, Path] = {}
    for table in tables:
        number = table.shard.number
        if number in seen:
            raise ValueError(
                f"{table.path} is shard {table.shard}, and so is {seen[number]}"
            )
        seen[number] = table.path
    of = tables[0].shard.of
    wanted = range(1, min(of, tables[0].size) + 1)
    missing = [str(Shard(number, of)) for number in wanted if number not in seen]
    if missing:
        raise ValueError(f"shards are missing: {_some(missing)}")


def _part_table(path: Path) -> _PartTable | None:
    """Return the table of a shard; None if it has no row.

    Raises:
        ValueError: If it is none, or not whole.
    """
    head, *rows = _read(path)
    parts = {row[-len(PART_OF) + 1 :] for row in rows}
    if not parts:
        return None
    if len(parts) > 1:
        raise ValueError(f"{path} has rows of several shards or sweeps")
    size, shard, plan = parts.pop()
    try:
        is_part = Shard.parse(shard)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
    points = _by_point(rows, path)
    table = _PartTable(path, head, _count(size, path), is_part, plan, points)
    _check_whole(table)
    return table


def _read(path: Path) -> list[Row]:
    try:
        with opened(path) as raw:
            file = TextIOWrapper(unpacked(raw), encoding="utf-8", newline="")
            rows = [tuple(row) for row in read_rows(file)]
    except DAMAGED as error:
        raise ValueError(f"{path} is compressed, and damaged") from error
    except OSError as error:
        raise ValueError(f"cannot read {path}: {error.strerror}") from None
    except ValueError as error:
        raise ValueError(f"{path} is no CSV, or cut off: {error}") from error
    _check_head(rows[0] if rows else (), path)
    first = len(rows[0]) - len(_TAIL) + _TAIL.index(NUMBERS[0])
    for number, row in enumerate(rows, start=1):
        if len(row) != len(rows[0]):
            raise ValueError(
                f"{path}: row {number} has {len(row)} cells of {len(rows[0])};"
                " the table is cut off, or was edited"
            )
        if number > 1:
            _check_numbers(row[first : first + len(NUMBERS)], number, path)
    return rows


def _check_numbers(cells: Row, number: int, path: Path) -> None:
    for cell in cells:
        if cell and not _NUMBER.fullmatch(cell):
            raise ValueError(
                f'{path}: row {number} has "{_cut(cell)}" where a number or nothing'
                " belongs; the table was edited, or made by an older simcoalesce"
            )


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."


def _check_head(head: Row, path: Path) -> None:
    if head[:1] == ("point",) and head[-len(_TAIL) :] == _TAIL:
        return
    again = "sweep FILE -o table.csv"
    if head[:1] == ("point",) and head[-len(_VERSION_1) :] == _VERSION_1:
        raise ValueError(other_schema(path, "1", again))
    if head[:1] == ("point",) and head[-len(MEASURED) :] == MEASURED:
        raise ValueError(
            f"{path} does not say what it is part of; make it anew: simcoalesce {again}"
        )
    raise ValueError(f"{path} is no table of a sweep")


def _by_point(rows: Sequence[Row], path: Path) -> dict[int, list[Row]]:
    points: dict[int, list[Row]] = {}
    for row in rows:
        points.setdefault(_count(row[0], path), []).append(row)
    return points


def _count(text: str, path: Path) -> int:
    if not _COUNT.fullmatch(text):
        raise ValueError(
            f'{path}: "{_cut(text)}" is not the number of a point, or of all'
        )
    return int(text)


def _check_whole(table: _PartTable) -> None:
    """Refuse a table from which points or rows are missing, or with others.

    Raises:
        ValueError: If it is such a table.
    """
    path, points, shard = table.path, table.points, table.shard
    wanted = shard.indices(table.size)
    if strange := [str(index) for index in points if index not in wanted]:
        raise ValueError(f"{path}: shard {shard} has no point {_some(strange)}")
    if len(points) < len(wanted):
        missing = (str(index) for index in wanted if index not in points)
        raise ValueError(
            f"{path}: points are missing: {_some(missing)}; the table is cut off, or"
            " its sweep was stopped"
        )
    for index, rows in points.items():
        metrics = {row[-len(PART_OF)] for row in rows}
        is_failed = metrics == {"0"} and len(rows) == 1
        if metrics != {str(len(rows))} and not is_failed:
            raise ValueError(
                f"{path}: point {index} has {len(rows)} rows of"
                f" {_some(sorted(metrics))}; the table is cut off, or was edited"
            )


def _some(texts: Iterable[str]) -> str:
    first = [*islice(texts, _MOST_SHOWN + 1)]
    return ", ".join(first[:_MOST_SHOWN]) + (", ..." if first[_MOST_SHOWN:] else "")
