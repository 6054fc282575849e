"""Sources: the bytes of a log, plain or compressed, cut into blocks of whole lines."""

import bz2
import gzip
import lzma
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from shutil import copyfileobj
from tempfile import NamedTemporaryFile
from typing import IO, Any, Final

from simcoalesce.spec import InputFile

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LONGEST_LINE: Final = 65_536
BLOCK_BYTES: Final = 4 << 20
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_MOST_BYTES: Final = 256 << 30
_DAMAGED: Final = (
    EOFError,
    gzip.BadGzipFile,
    zlib.error,
    lzma.LZMAError,
    zstd.ZstdError,
)
_OPENERS: Final[dict[bytes, Any]] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ\x00": lzma.LZMAFile,
    b"\x28\xb5\x2f\xfd": zstd.ZstdFile,
}
"""What opens a compressed file, by its first bytes."""


@dataclass(frozen=True)
class LineBlock:
    """Some whole lines of a file.

    Attributes:
        first: The number of its first line; numbers start at 1.
        content: The lines; the last one may lack its end.
        too_long: Numbers of lines before it that are too long and were skipped.
    """

    first: int
    content: bytes
    too_long: tuple[int, ...] = ()


def blocks(file: InputFile, size: int = BLOCK_BYTES) -> Iterator[LineBlock]:
    """Yield a file in blocks of about so many bytes.

    A line longer than 65,536 bytes is skipped, and not kept.

    Raises:
        ValueError: If the file cannot be read to its end, or is above 256 GiB.
    """
    number = 1
    try:
        with file.path.open("rb") as raw:
            for block in _cut(_unpacked(raw), size):
                yield block
                number = block.first + block.content.count(b"\n")
                if raw.tell() > _MOST_BYTES:
                    raise ValueError(f"{file}:{number}: more than 256 GiB")
    except _DAMAGED as error:
        is_what = "cut off" if "end" in str(error).lower() else "damaged"
        raise ValueError(
            f"{file}:{number}: the compressed file is {is_what} after this line"
        ) from error
    except OSError as error:
        reason = error.strerror or "it is damaged"
        raise ValueError(f"{file} cannot be read: {reason}") from error


def _unpacked(raw: IO[bytes]) -> IO[bytes]:
    start = raw.read(6)
    raw.seek(0)
    for magic, opener in _OPENERS.items():
        if start.startswith(magic):
            opened: IO[bytes] = opener(raw)
            return opened
    return raw


def _cut(stream: IO[bytes], size: int) -> Iterator[LineBlock]:
    number, rest = 1, b""
    too_long: list[int] = []
    is_within_long = False
    start = stream.read(size).removeprefix(_BYTE_ORDER_MARK)
    chunk = start
    while chunk:
        content = rest + chunk
        if is_within_long:
            end = content.find(b"\n") + 1
            is_within_long = not end
            number += not is_within_long
            content = content[end:] if end else b""
        end = content.rfind(b"\n") + 1
        if end:
            yield LineBlock(number, content[:end], tuple(too_long))
            number += content.count(b"\n")
            too_long = []
        rest = content[end:]
        if len(rest) > LONGEST_LINE:
            too_long.append(number)
            rest, is_within_long = b"", True
        chunk = stream.read(size)
    if rest or too_long:
        yield LineBlock(number, rest, tuple(too_long))


@cache
def standard_input() -> InputFile:
    """Return what comes on standard input, as a file that can be read again.

    It lies in the system's folder for such files until the process ends.
    """
    with NamedTemporaryFile(prefix="simcoalesce-", delete=False) as copy:
        copyfileobj(sys.stdin.buffer, copy)
    _remove_at_exit(Path(copy.name))
    return InputFile(written="-", path=Path(copy.name))


def _remove_at_exit(path: Path) -> None:
    from atexit import register  # noqa: PLC0415 - only for standard input

    register(path.unlink, missing_ok=True)
