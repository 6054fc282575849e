"""The lines of a file, plain or gzip, whatever is in it; one at a time."""

import gzip
import zlib
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path
from typing import IO, Final, cast

LONGEST_LINE: Final = 65_536
_LARGEST_BYTES: Final = 16 << 30
_GZIP_MAGIC: Final = b"\x1f\x8b"
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


def log_lines(path: Path, name: str) -> Iterator[tuple[int, str | None]]:
    """Yield (number, text) of each line that is not blank; numbers start at 1.

    The text is None where a line is longer than 65,536 bytes; it is skipped, not kept.

    Args:
        path: The file.
        name: How messages call it.

    Raises:
        ValueError: If the file cannot be read to its end, or is above 16 GiB.
    """
    number = 0
    try:
        with path.open("rb") as file:
            for number, line in _numbered(_unpacked(file), name):
                if line is None:
                    yield number, None
                elif line := line.strip():
                    yield number, line.decode(errors="backslashreplace")
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        is_what = "cut off" if isinstance(error, EOFError) else "damaged"
        raise ValueError(
            f"{name}:{number}: the compressed file is {is_what} after this line"
        ) from error
    except OSError as error:
        raise ValueError(f"{name} cannot be read: {error.strerror}") from error


def _unpacked(file: BufferedReader) -> IO[bytes]:
    if not file.peek(2).startswith(_GZIP_MAGIC):
        return file
    # The reader around it finds line ends in C, which the gzip file itself does not.
    return BufferedReader(cast("BufferedReader", gzip.GzipFile(fileobj=file)), 1 << 18)


def _numbered(file: IO[bytes], name: str) -> Iterator[tuple[int, bytes | None]]:
    number = size = 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        size += len(line)
        whole = line.endswith(b"\n") or len(line) <= LONGEST_LINE
        if not whole:
            size += _skip_line(file)
        if size > _LARGEST_BYTES:
            raise ValueError(f"{name}:{number}: more than 16 GiB; replay a part of it")
        if number == 1:
            line = line.removeprefix(_BYTE_ORDER_MARK)
        yield number, line if whole else None


def _skip_line(file: IO[bytes]) -> int:
    skipped = 0
    while rest := file.readline(LONGEST_LINE):
        skipped += len(rest)
        if rest.endswith(b"\n") or skipped > _LARGEST_BYTES:
            break
    return skipped
