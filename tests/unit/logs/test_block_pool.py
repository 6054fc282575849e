"""Blocks that other processes read."""

import sys
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest

from simcoalesce.logs import block_pool
from simcoalesce.logs.block_columns import BlockReader
from simcoalesce.logs.block_pool import is_large, read_blocks
from simcoalesce.logs.layout import FieldWords
from simcoalesce.logs.log_format import log_formats
from simcoalesce.logs.sources import LineBlock, blocks
from simcoalesce.spec import InputFile

LogFile = Callable[..., InputFile]
LINES = "".join(f"{i},/{i % 7}\n" for i in range(3_000))


def _reader() -> BlockReader:
    (csv,) = [one for one in log_formats() if one.kind == "csv"]
    layout = csv.layout(["t_ms,key", "0,/0"], FieldWords())
    return BlockReader(layout, frozenset({"target"}))


def _with_readers(file: InputFile) -> Iterator[tuple[LineBlock, BlockReader, int]]:
    reader = _reader()
    for number, block in enumerate(blocks(file, 4_000)):
        yield block, reader, 0 if number else 1


def test_two_processes_read_the_same_as_one(log_file: LogFile) -> None:
    """In order, and the header is none of the rows."""
    file = log_file("a.csv", "t_ms,key\n" + LINES)
    found = [list(read_blocks(_with_readers(file), jobs=jobs)) for jobs in (1, 2)]

    instants = [[ns for block in one for ns in block.at_ns.tolist()] for one in found]
    assert instants[0] == instants[1] == [i * 10**6 for i in range(3_000)]
    names = [[block.coded["target"].names for block in one] for one in found]
    assert names[0] == names[1]


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ("simcoalesce", True),
        (None, True),
        ("gone.py", False),
        ("plain.py", False),
        ("guarded.py", True),
    ],
)
def test_only_programs_that_may_be_imported_start_processes(
    log_file: LogFile,
    monkeypatch: pytest.MonkeyPatch,
    program: str | None,
    expected: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """A script of the user's would run once more in each of them, unless it asks."""
    folder = log_file("plain.py", "read()\n").path.parent
    log_file("guarded.py", 'if __name__ == "__main__":\n    read()\n')
    path = program and str(folder / program)
    monkeypatch.setattr(block_pool, "_LARGE_BYTES", 1_000)
    monkeypatch.setattr(block_pool, "processors", lambda: 2)
    monkeypatch.setitem(sys.modules, "__main__", SimpleNamespace(__file__=path))
    monkeypatch.setattr(block_pool, "parent_process", lambda: None)

    assert is_large(log_file("a.csv", LINES)) == expected


def test_a_small_file_is_read_at_once(log_file: LogFile) -> None:
    """Processes take half a second each to start."""
    assert not is_large(log_file("a.csv", LINES))
