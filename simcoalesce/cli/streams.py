"""The standard streams: what is printed arrives as a whole, or the command fails.

Where nothing is buffered (PYTHONUNBUFFERED), Python drops what a full disk does not
take; where a stream is closed, it has none.
"""

import codecs
import os
import re
import sys
from io import BufferedWriter, FileIO, TextIOWrapper
from select import select
from typing import Any, Final, TextIO, cast

import click
from typing_extensions import override

from simcoalesce.visible import visible

_ASCII: Final = frozenset(("ascii", "us-ascii"))
_OURS: Final = re.compile(r"(\A\r(?=.*\x1b\[K\Z)|\x1b\[[0-9;]*[mK])", re.DOTALL)
"""What this program itself tells a terminal: colours, and a line that is redrawn."""

_PLAIN: Final = str.maketrans("▁▂▃▄▅▆▇█▒✓✗→−≤≥≠—…━●◆┊“”μ", '.:-=+*#@%vx>-<>!-~-o*|""u')
"""A character of nearly every encoding for each that only some have; as wide as it."""


def _in_plain(error: UnicodeError) -> tuple[str, int]:
    """Return what stands for characters that an encoding does not have."""
    found = cast("UnicodeEncodeError", error)
    text = found.object[found.start : found.end].translate(_PLAIN)
    return text.encode("ascii", "backslashreplace").decode(), found.end


codecs.register_error("simcoalesce.plain", _in_plain)


def prepare() -> None:
    """Give this process a stdout that fails if it loses anything, and a stderr."""
    for descriptor in range(3):
        _fill(descriptor)
    if sys.stdin is None:
        sys.stdin = open(0, closefd=False)  # noqa: SIM115 - a descriptor
    if sys.stdout in (None, sys.__stdout__):
        sys.stdout = _Shown(_Patient(1, "wb", closefd=False), sys.stdout)
    if sys.stderr in (None, sys.__stderr__):
        # It is no document: nobody needs its control characters.
        raw = _Lossy(2, "wb", closefd=False)
        sys.stderr = _Shown(raw, sys.stderr, always=True)


def _fill(descriptor: int) -> None:
    """Open a closed descriptor, so that no file of ours gets its number.

    What is read from it ends at once; what is written to it is refused.
    """
    try:
        os.fstat(descriptor)
    except OSError:
        os.set_inheritable(os.open(os.devnull, os.O_RDONLY), True)  # noqa: FBT003 - C


class _Shown(TextIOWrapper):
    """A stream that writes out control characters, on a terminal or always."""

    def __init__(
        self, raw: FileIO, before: TextIO | None, *, always: bool = False
    ) -> None:
        encoding = "utf-8" if before is None else before.encoding
        super().__init__(
            BufferedWriter(raw),
            "utf-8" if encoding.lower() in _ASCII else encoding,
            errors="simcoalesce.plain",
            line_buffering=True,
        )
        self._is_for_people = always or self.isatty()

    @override
    def write(self, text: str, /) -> int:
        return super().write(shown(text) if self._is_for_people else text)


class _Patient(FileIO):
    """Waits for a reader where another program has made the pipe non-blocking."""

    @override
    def write(self, written: Any, /) -> int:
        while (count := super().write(written)) is None:
            select([], [self], [])
        return count


class _Lossy(FileIO):
    """Takes what cannot be written all the same: the exit code says enough."""

    @override
    def write(self, written: Any, /) -> int:
        try:
            return super().write(written) or len(written)
        except OSError:
            return len(written)


def shown(text: str) -> str:
    r"""Return a text with all control characters written out but those of this program.

    >>> shown("\x1b[31mred\x1b[0m \x1b]0;title\x07\n")
    '\x1b[31mred\x1b[0m \\x1b]0;title\\x07\n'
    """
    if text.isprintable():
        return text
    parts = _OURS.split(text)
    parts[::2] = [visible(part, keep="\n\t") for part in parts[::2]]
    return "".join(parts)


def print_document(text: str) -> None:
    """Print what a program reads: in UTF-8 whatever the locale, as it is.

    Raises:
        OSError: If it cannot be written.
    """
    binary = None if sys.stdout.isatty() else getattr(sys.stdout, "buffer", None)
    if binary is None:
        sys.stdout.write(text)
    else:
        sys.stdout.flush()
        binary.write(text.encode())
    sys.stdout.flush()


def print_as(form: str, text: str) -> None:
    """Print a text in a form: ``.json`` for programs, any other for people.

    Raises:
        OSError: If it cannot be written.
    """
    if form == ".json":
        print_document(text)
    else:
        click.echo(text, nl=False)
