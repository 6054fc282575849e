"""Lines of any file: in bounded memory, or with a clear message."""

import gzip
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from simcoalesce.spec import InputFile
from simcoalesce.traffic import log_lines as log_lines_module
from simcoalesce.traffic.log_lines import log_lines

LogFile = Callable[..., InputFile]


def _lines(file: InputFile) -> list[tuple[int, str | None]]:
    return list(log_lines(file.path, file.written))


@pytest.mark.parametrize("name", ["a.log", "a.log.gz"])
def test_plain_and_compressed_files_read_alike(log_file: LogFile, name: str) -> None:
    """Blank lines are passed over but counted; the last may lack its end."""
    file = log_file(name, "\ufeffone\r\n\n  two")

    assert _lines(file) == [(1, "one"), (3, "two")]


def test_bytes_that_are_no_text_are_shown_as_such(log_file: LogFile) -> None:
    """A line is never lost to its encoding."""
    assert _lines(log_file("a.log", b"a\xff\n")) == [(1, "a\\xff")]


def test_a_line_of_100_mb_is_skipped_in_little_memory(tmp_path: Path) -> None:
    """A long line has a number and no text, and the next one is read as usual."""
    path = tmp_path / "long.log.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        for _ in range(100):
            file.write(b"x" * 1_000_000)
        file.write(b"\nnext\n")
    tracemalloc.start()

    lines = list(log_lines(path, "long.log.gz"))

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert lines == [(1, None), (2, "next")]
    assert peak < 5_000_000


def test_an_endless_file_is_refused(
    log_file: LogFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A small gzip file may unpack to more than anybody can wait for."""
    monkeypatch.setattr(log_lines_module, "_LARGEST_BYTES", 1_000_000)
    file = log_file("a.log.gz", b"x" * 50 + b"\n" + b"y" * 2_000_000)

    with pytest.raises(ValueError, match=r"a\.log\.gz:2: more than 16 GiB"):
        _lines(file)


def test_a_line_at_the_limit_is_whole(log_file: LogFile) -> None:
    """65,536 bytes and the line's end are still a line."""
    assert _lines(log_file("a.log", b"x" * 65_536 + b"\n")) == [(1, "x" * 65_536)]


def test_a_truncated_gzip_file_says_where(log_file: LogFile) -> None:
    """The message names the file and the last line that could be read."""
    file = log_file("a.log.gz", "".join(f"{i * 7919 % 99991}\n" for i in range(20_000)))
    file.path.write_bytes(file.path.read_bytes()[:-2_000])

    with pytest.raises(ValueError, match=r"a\.log\.gz:\d+: .* is cut off after"):
        _lines(file)


def test_a_damaged_gzip_file_says_where(log_file: LogFile) -> None:
    """The message names the file and the last line that could be read."""
    file = log_file("a.log.gz", "".join(f"{i * 7919 % 99991}\n" for i in range(20_000)))
    packed = bytearray(file.path.read_bytes())
    packed[20_000:20_400] = b"\xff" * 400
    file.path.write_bytes(packed)

    with pytest.raises(ValueError, match=r"a\.log\.gz:\d+: .* is damaged after"):
        _lines(file)


def test_a_file_that_is_gone_says_so(tmp_path: Path) -> None:
    """The reason is the operating system's."""
    with pytest.raises(ValueError, match=r"gone\.log cannot be read: No such file"):
        list(log_lines(tmp_path / "gone.log", "gone.log"))
