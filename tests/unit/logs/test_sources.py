"""Blocks of any file: in bounded memory, or with a clear message."""

import atexit
import bz2
import gzip
import io
import lzma
import os
import sys
import tracemalloc
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import MagicMock

import pytest

from simcoalesce.logs import sources
from simcoalesce.logs.sources import LineBlock, blocks, standard_input
from simcoalesce.spec import InputFile

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LogFile = Callable[..., InputFile]
NUMBERS = "".join(f"{i * 7919 % 99991}\n" for i in range(20_000)).encode()


@pytest.mark.parametrize(
    "compress", [bytes, gzip.compress, bz2.compress, lzma.compress, zstd.compress]
)
def test_plain_and_compressed_files_read_alike(
    log_file: LogFile, compress: Callable[[bytes], bytes]
) -> None:
    """What a file begins with tells, not its name; a byte order mark is left out."""
    file = log_file("a.log", compress(b"\xef\xbb\xbfone\n\n  two"))

    assert list(blocks(file)) == [LineBlock(1, b"one\n\n"), LineBlock(3, b"  two")]


@pytest.mark.parametrize("size", [1, 3, 7, 1_000, 1 << 20])
def test_blocks_are_whole_lines_with_their_numbers(
    log_file: LogFile, size: int
) -> None:
    """However a file is cut, nothing is lost."""
    found = list(blocks(log_file("a.log", NUMBERS[:9_000]), size))

    assert b"".join(block.content for block in found) == NUMBERS[:9_000]
    for block in found:
        before = NUMBERS[: NUMBERS.find(block.content)]
        assert block.first >= 1 + (before.count(b"\n") if block is found[-1] else 0)


def test_a_line_of_100_mb_is_skipped_in_little_memory(tmp_path: Path) -> None:
    """A long line has a number and no text, and the next one is read as usual."""
    path = tmp_path / "long.log.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        for _ in range(100):
            file.write(b"x" * 1_000_000)
        file.write(b"\nnext\n")
    tracemalloc.start()

    found = list(blocks(InputFile(written="long.log.gz", path=path)))

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == [LineBlock(2, b"next\n", too_long=(1,))]
    assert peak < 20_000_000


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, zstd.compress])
def test_a_truncated_file_says_where(
    log_file: LogFile, compress: Callable[[bytes], bytes]
) -> None:
    """The message names the file and how far it could be read."""
    file = log_file("a.log", compress(NUMBERS)[:-2_000])

    with pytest.raises(ValueError, match=r"a\.log:\d+: .* is cut off after"):
        list(blocks(file, 1_000))


def test_a_damaged_gzip_file_says_where(log_file: LogFile) -> None:
    """The message names the file and how far it could be read."""
    packed = bytearray(gzip.compress(NUMBERS))
    packed[20_000:20_400] = b"\xff" * 400
    file = log_file("a.log", bytes(packed))

    with pytest.raises(ValueError, match=r"a\.log:\d+: .* is damaged after"):
        list(blocks(file, 1_000))


def test_a_file_that_is_gone_says_so(tmp_path: Path) -> None:
    """The reason is the operating system's."""
    file = InputFile(written="gone.log", path=tmp_path / "gone.log")

    with pytest.raises(ValueError, match=r"gone\.log cannot be read: No such file"):
        list(blocks(file))


def test_standard_input_can_be_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each run reads the log, and other processes do."""
    fed = SimpleNamespace(buffer=io.BytesIO(b"one\n"))
    monkeypatch.setattr(sys, "stdin", fed)
    standard_input.cache_clear()

    file = standard_input()

    assert (str(file), [*blocks(file)]) == ("-", [LineBlock(1, b"one\n")])
    assert [*blocks(standard_input())] == [LineBlock(1, b"one\n")]
    standard_input.cache_clear()


def test_standard_input_that_cannot_be_kept_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It was an output that cannot be written."""
    monkeypatch.setattr(sources, "gettempdir", lambda: "/nowhere")
    standard_input.cache_clear()

    with pytest.raises(ValueError, match=r"input cannot be kept: No such file"):
        standard_input()


def test_a_copy_that_cannot_be_closed_is_let_go(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """At the end of the process; it printed a traceback."""
    ends: list[Callable[[], None]] = []
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"one\n")))
    monkeypatch.setattr(atexit, "register", lambda *end: ends.append(partial(*end)))
    standard_input.cache_clear()
    copy = standard_input()
    standard_input.cache_clear()
    monkeypatch.setattr(os, "close", MagicMock(side_effect=OSError("no space")))

    ends[0]()

    monkeypatch.undo()
    assert not copy.path.exists()
