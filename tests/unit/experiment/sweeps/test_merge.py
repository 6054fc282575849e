"""Tables of shards become the table of the sweep, or are refused by name."""

import gzip
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from simcoalesce.csv_text import csv_text
from simcoalesce.experiment.sweeps.merge import merged_rows
from simcoalesce.experiment.sweeps.shard import Shard
from simcoalesce.experiment.sweeps.sweep import simulate_points, sweep_plan
from simcoalesce.experiment.sweeps.sweep_table import table_rows
from simcoalesce.scenario.axis import Axis
from tests.unit.experiment.builders import a_sale

AXES = ("kv.write_latency=0ms,20ms,80ms", "origin.latency=60ms,120ms")


@cache
def table(shard: str = "1/1", *, seed: int = 3, axes: tuple[str, ...] = AXES) -> str:
    """Return the table of a shard of a sweep of six points, as CSV."""
    plan = sweep_plan(a_sale(), [*map(Axis.parse, axes)], seed=seed, replications=1)
    part = Shard.parse(shard)
    found = simulate_points(plan, only=part.indices(len(plan.points)))
    return csv_text(table_rows(found, part))


def merged(folder: Path, *tables: str) -> str:
    """Return what some tables are together; their files are 1.csv, 2.csv and so on."""
    paths = [folder / f"{number}.csv" for number in range(1, len(tables) + 1)]
    for path, text in zip(paths, tables, strict=True):
        path.write_bytes(text.encode())
    return csv_text(merged_rows(paths))


def test_shards_are_the_table_of_one_sweep(tmp_path: Path) -> None:
    """In whatever order they are given, byte by byte."""
    assert merged(tmp_path, table("3/3"), table("1/3"), table("2/3")) == table()


def test_more_shards_than_points_are_the_same_table(tmp_path: Path) -> None:
    """Those without a point have a table without a row."""
    shards = [table(f"{number}/8") for number in range(1, 9)]

    assert len(shards[7].splitlines()) == 1
    assert merged(tmp_path, *shards) == table()


def test_points_that_failed_are_merged(tmp_path: Path) -> None:
    """Each has one row."""
    axes = ("kv.write_latency=0ms,soon",)

    one, two, whole = (table(shard, axes=axes) for shard in ("1/2", "2/2", "1/1"))
    assert merged(tmp_path, one, two) == whole


def test_blank_lines_and_long_cells_are_read(tmp_path: Path) -> None:
    """Here the reason of a point that failed has 200,000 characters."""
    text = table(axes=("kv.write_latency=0ms,soon",))
    reason = next(one for one in text.splitlines() if "soon" in one).split('"')[1]
    long = text.replace(reason, "x" * 200_000)

    assert merged(tmp_path, "\n" + long.replace("\n", "\n\n")) == long


def without_a_point(text: str) -> str:
    """Cut a table of shard 2/2 before its last point."""
    return "".join(
        one for one in text.splitlines(keepends=True) if not one.startswith("5,")
    )


def without_a_row(text: str) -> str:
    """Cut its last row."""
    return text[: text[:-1].rindex("\n") + 1]


def within_a_row(text: str) -> str:
    """Cut its last row in the middle."""
    return text[:-40]


def with_a_huge_number(text: str) -> str:
    """Add a row of a point that is not there."""
    return text + text.splitlines(keepends=True)[1].replace("1,", f"{10**20},", 1)


def with_a_strange_number(text: str) -> str:
    """Add a row of a point of another shard."""
    return text + text.splitlines(keepends=True)[1].replace("1,", "2,", 1)


def of_a_huge_sweep(text: str) -> str:
    """Say that the sweep has very many points."""
    return text.replace(",6,2/2,", ",999999999,2/2,")


def without_what_it_is_part_of(text: str) -> str:
    """Drop the last four columns."""
    return "".join(f"{one.rsplit(',', 4)[0]}\n" for one in text.splitlines())


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (without_a_point, "2.csv: points are missing: 5;"),
        (without_a_row, "2.csv: point 5 has .* cut off"),
        (within_a_row, "2.csv: row .* cut off"),
        (with_a_huge_number, r'2.csv: "10000000000000000000\.\.\." is not'),
        (with_a_strange_number, "2.csv: shard 2/2 has no point 2"),
        (of_a_huge_sweep, r"2.csv: points are missing: 7, 9, 11, 13, 15, \.\.\.;"),
        (without_what_it_is_part_of, "2.csv does not say what it is part of"),
        (lambda text: text + table("1/2").split("\n", 1)[1], "2.csv has rows of sever"),
        (lambda text: text.replace("ci95_", ""), "2.csv is no table of a sweep"),
        (lambda text: text.replace(",2/2,", ",2/x,"), "2.csv: shard 2/x: write"),
        (lambda _: table("1/2"), "2.csv is shard 1/2, and so is .*1.csv"),
        (lambda _: table("2/3"), "2.csv is one of 3 shards, .*1.csv of 2"),
        (lambda _: table("2/2", seed=4), "2.csv is of another sweep than .*1.csv"),
        (lambda _: 'point\n"1', "2.csv is no CSV, or cut off"),
        (lambda _: "", "2.csv is no table of a sweep"),
        (lambda text: text.split("\n", 1)[0], "shards are missing: 2/2"),
    ],
)
def test_what_is_no_whole_shard_is_refused(
    tmp_path: Path, spoil: Callable[[str], str], why: str
) -> None:
    """It is said which file, and what is wrong with it."""
    with pytest.raises(ValueError, match=why):
        merged(tmp_path, table("1/2"), spoil(table("2/2")))


def test_a_table_that_is_cut_anywhere_is_refused(tmp_path: Path) -> None:
    """But for the end of its last line, after which nothing is missing."""
    one, two = table("1/2"), table("2/2")
    ends = [*range(0, len(two), 97), *range(len(two) - 60, len(two) - 1)]

    for end in ends:
        with pytest.raises(ValueError, match=r"2\.csv|shards are missing: 2/2"):
            merged(tmp_path, one, two[:end])
    assert merged(tmp_path, one, two[:-1]) == table()


def test_a_table_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    """A folder is none; what is compressed may be damaged."""
    cut = tmp_path / "cut.csv.gz"
    cut.write_bytes(gzip.compress(table().encode())[:900])

    with pytest.raises(ValueError, match=r"cannot read .*: Is a directory"):
        merged_rows([tmp_path])
    with pytest.raises(ValueError, match=r"cut\.csv\.gz is compressed, and damaged"):
        merged_rows([cut])


def test_a_table_of_an_older_schema_is_refused(tmp_path: Path) -> None:
    """By name, with the command that makes it anew."""
    old = without_what_it_is_part_of(table()).replace("ci95_", "")

    with pytest.raises(ValueError, match=r"1\.csv was made by an older .*anew"):
        merged(tmp_path, old)


def test_a_shard_that_is_missing_is_missed(tmp_path: Path) -> None:
    """A table with holes is no table."""
    with pytest.raises(ValueError, match="shards are missing: 1/3, 2/3"):
        merged(tmp_path, table("3/3"))
