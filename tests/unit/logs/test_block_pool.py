"""Blocks that other processes read."""

import logging
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import MagicMock

import pytest

from simcoalesce.logs import block_pool
from simcoalesce.logs.block_columns import BlockReader
from simcoalesce.logs.block_pool import is_large, read_blocks
from simcoalesce.logs.layout import FieldWords
from simcoalesce.logs.log_format import log_formats
from simcoalesce.logs.sources import LineBlock, blocks
from simcoalesce.processes import NotStartedError
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


def test_this_process_reads_what_no_other_can(
    log_file: LogFile, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What was handed out before a process was refused is read too, in order."""
    file = log_file("a.csv", "t_ms,key\n" + LINES)
    pool = MagicMock()
    begun = [Future[None](), Future[None](), NotStartedError("no memory")]
    pool.return_value.__enter__.return_value.submit.side_effect = begun
    pool.return_value.__exit__.return_value = None
    monkeypatch.setattr(block_pool, "processes", pool)
    with caplog.at_level(logging.WARNING):
        found = [*read_blocks(_with_readers(file), jobs=2)]

    instants = [ns for block in found for ns in block.at_ns.tolist()]
    assert instants == [i * 10**6 for i in range(3_000)]
    assert caplog.messages == ["no memory; this process reads the log"]


def test_a_file_that_is_gone_is_said_by_its_written_name(tmp_path: Path) -> None:
    """Of standard input nobody knows where it is kept."""
    gone = InputFile(written="-", path=tmp_path / "copy.part")

    with pytest.raises(ValueError, match=r"^- cannot be read: No such file"):
        is_large(gone)


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
