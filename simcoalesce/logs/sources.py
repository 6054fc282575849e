"""Sources: the bytes of a log, plain or compressed, cut into blocks of whole lines."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from shutil import copyfileobj
from tempfile import gettempdir
from typing import IO, Final

from simcoalesce.logs.json_documents import (
    document_lines,
    is_document,
    is_wrapped,
    unwrapped,
)
from simcoalesce.regular_file import opened
from simcoalesce.spec import InputFile
from simcoalesce.unpacked import DAMAGED, unpacked
from simcoalesce.whole_file import unfinished_file

LONGEST_LINE: Final = 65_536
BLOCK_BYTES: Final = 4 << 20
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_MOST_BYTES: Final = 256 << 30
_LARGEST_DOCUMENT: Final = 1 << 30


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

    A line longer than 65,536 bytes is skipped, and not kept. Of a JSON document (an
    array, an archive, indented objects) each object is a line; of what Docker keeps,
    each line that a container wrote.

    Raises:
        ValueError: If the file cannot be read to its end, or is above 256 GiB.
    """
    number = 1
    try:
        with opened(file.path) as raw:
            stream = unpacked(raw)
            head = stream.read(LONGEST_LINE).removeprefix(_BYTE_ORDER_MARK)
            if is_document(head):
                yield _document(file, stream)
                return
            stream.seek(0)
            found = _cut(stream, size)
            for block in map(_unwrapped, found) if is_wrapped(head) else found:
                yield block
                number = block.first + block.content.count(b"\n")
                if raw.tell() > _MOST_BYTES:
                    raise ValueError(f"{file}:{number}: more than 256 GiB")
    except DAMAGED as error:
        is_what = "cut off" if "end" in str(error).lower() else "damaged"
        raise ValueError(
            f"{file}:{number}: the compressed file is {is_what} after this line"
        ) from error
    except OSError as error:
        reason = error.strerror or "it is damaged"
        raise ValueError(f"{file} cannot be read: {reason}") from error


def _unwrapped(block: LineBlock) -> LineBlock:
    return replace(block, content=unwrapped(block.content))


def _document(file: InputFile, stream: IO[bytes]) -> LineBlock:
    """Return the objects of JSON that is not one object a line."""
    stream.seek(0)
    content = stream.read(_LARGEST_DOCUMENT + 1)
    if len(content) > _LARGEST_DOCUMENT:
        raise ValueError(
            f"{file} is one JSON document of more than 1 GiB; write one object a line,"
            " e.g. with jq -c '.[]'"
        )
    try:
        lines = document_lines(content.removeprefix(_BYTE_ORDER_MARK), LONGEST_LINE)
    except ValueError as error:
        raise ValueError(f"{file}: {error}") from error
    return LineBlock(1, b"\n".join(lines))


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

    Raises:
        ValueError: If it cannot be kept there.
    """
    from atexit import register  # noqa: PLC0415 - only for standard input

    with ExitStack() as stack:
        try:
            copy = stack.enter_context(unfinished_file(Path(gettempdir())))
            copyfileobj(sys.stdin.buffer, copy)
            copy.flush()
        except OSError as error:
            reason = error.strerror or error
            raise ValueError(f"standard input cannot be kept: {reason}") from error
        register(_removed, stack.pop_all())
    return InputFile(written="-", path=Path(copy.name))


def _removed(copy: ExitStack) -> None:
    """Let a copy go, at the end of the process, where nobody can be told any more."""
    with suppress(OSError, KeyboardInterrupt):
        copy.close()
