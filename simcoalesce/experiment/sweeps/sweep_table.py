"""Tables: a sweep as tidy rows, one for each point and metric; and shards of it."""

import csv
from collections.abc import Iterator, Sequence
from io import StringIO, TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Final

from simcoalesce.experiment.saved import other_schema
from simcoalesce.experiment.sweeps.point import SweepPoint
from simcoalesce.experiment.sweeps.sweep import Sweep
from simcoalesce.unpacked import DAMAGED, unpacked

_NUMBERS: Final = ("mean", "sd", "ci95_low", "ci95_high")
_AFTER_AXES: Final = ("metric", "unit", *_NUMBERS, "n", "reason")
_VERSION_1: Final = ("metric", "unit", "mean", "sd", "low", "high", "n", "reason")
"""What stood behind the axes in schema version 1."""

if TYPE_CHECKING:
    import pandas as pd

Row = tuple[str, ...]


def table_rows(sweep: Sweep) -> list[Row]:
    """Return the table of a sweep as rows of texts, the names of columns first.

    Columns are the point's number, one for each axis, then metric, unit, mean, sd,
    ci95_low and ci95_high (of the 95 % interval of the mean), n and reason: why it is
    missing, or nothing follows from it. A point that failed has one row, without a
    metric, and its reason. Numbers are written so
    that they read back equal.
    """
    keys = [axis.key for axis in sweep.plan.axes]
    rows = [
        row
        for index, point in enumerate(sweep.points)
        if point
        for row in _rows((str(index), *sweep.plan.points[index]), point)
    ]
    return [("point", *keys, *_AFTER_AXES), *rows]


def frame_of(rows: Sequence[Row]) -> "pd.DataFrame":
    """Return rows as a table of pandas: what is empty is missing.

    Args:
        rows: Texts, the names of columns first.

    Returns:
        point and n are whole numbers, mean, sd, ci95_low and ci95_high floats, and all
        else, parameters too, the texts that the CSV has.
    """
    import pandas as pd  # noqa: PLC0415 - a third of a second, only when asked for

    head, *body = rows
    texts = pd.DataFrame(body, columns=list(head), dtype="string")
    types = {"point": "int64", "n": "int64"} | dict.fromkeys(_NUMBERS, "float64")
    return texts.mask(texts == "").astype(types)


def _rows(named: Row, point: SweepPoint) -> Iterator[Row]:
    if point.measured is None:
        yield (*named, *[""] * 6, "0", point.failure or "")
        return
    for name, known in point.measured.estimates().items():
        numbers = (known.mean, known.sd, known.low, known.high)
        texts = ("" if number is None else repr(number) for number in numbers)
        reason = known.reason or point.no_verdict
        yield (*named, name, known.unit, *texts, str(known.n), reason)


def merged_rows(paths: Sequence[Path]) -> list[Row]:
    """Return the tables of shards as the one table that they are parts of.

    Raises:
        ValueError: If one was made by an older version, they are of different sweeps,
            or a point is missing or differs.
        OSError: If one cannot be read.
    """
    heads: set[Row] = set()
    parts: dict[int, list[Row]] = {}
    for path in paths:
        head, *rows = _read(path)
        heads.add(head)
        for index, part in _by_point(rows, path).items():
            if parts.setdefault(index, part) != part:
                raise ValueError(f"{path}: point {index} differs from another table's")
    if len(heads) > 1:
        raise ValueError("the tables are of different sweeps: their columns differ")
    _check_complete(parts)
    every = [row for index in sorted(parts) for row in parts[index]]
    return [heads.pop(), *every]


def _read(path: Path) -> list[Row]:
    try:
        with path.open("rb") as raw:
            file = TextIOWrapper(unpacked(raw), encoding="utf-8", newline="")
            rows = [tuple(row) for row in csv.reader(file)]
    except DAMAGED as error:
        raise ValueError(f"{path} is compressed, and damaged") from error
    is_table = bool(rows) and rows[0][:1] == ("point",)
    if is_table and rows[0][-8:] == _VERSION_1:
        raise ValueError(other_schema(path, "1", "sweep FILE -o table.csv"))
    if not is_table or rows[0][-8:] != _AFTER_AXES:
        raise ValueError(f"{path} is no table of a sweep")
    return rows


def _by_point(rows: Sequence[Row], path: Path) -> dict[int, list[Row]]:
    parts: dict[int, list[Row]] = {}
    for row in rows:
        if not row[0].isdecimal():
            raise ValueError(f'{path}: "{row[0]}" is not the number of a point')
        parts.setdefault(int(row[0]), []).append(row)
    return parts


def _check_complete(parts: dict[int, list[Row]]) -> None:
    missing = [index for index in range(max(parts, default=-1)) if index not in parts]
    if missing or not parts:
        shown = ", ".join(map(str, missing[:5])) or "all of them"
        raise ValueError(f"points are missing: {shown}; is a shard not there?")


def text_of(rows: Sequence[Row]) -> str:
    """Return rows as CSV: the same rows give the same bytes."""
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
