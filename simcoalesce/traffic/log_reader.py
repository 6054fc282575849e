"""Reads a log into columns: one pass, bounded memory, bad lines counted."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, islice
from typing import Final

import numpy as np

from simcoalesce.spec import InputFile
from simcoalesce.traffic.log_format import Entry, Fields, LogFormat, log_formats
from simcoalesce.traffic.log_lines import LONGEST_LINE, log_lines
from simcoalesce.traffic.recording import NOT_LOGGED, Recording
from simcoalesce.units import format_ratio

MOST_ENTRIES: Final = 20_000_000
_MOST_NAME_BYTES: Final = 1 << 30
_BYTES_PER_NAME: Final = 200
_LINES_TO_RECOGNISE: Final = 20
_BAD_LINES_SHOWN: Final = 3

Lines = Iterator[tuple[int, str | None]]


@dataclass(frozen=True)
class LogOptions:
    """How a log is to be read.

    Attributes:
        formats: What it may be, in the order in which they are tried; of one, it is.
    """

    formats: tuple[type[LogFormat], ...] = field(default_factory=log_formats)
    fields: Fields = field(default_factory=Fields)
    with_query: bool = True
    bad_lines_ratio: float = 0.01


def read_log(file: InputFile, options: LogOptions) -> Recording:
    """Return the entries of a log in order of time; those at the same time as written.

    A file that was read is remembered until it changes.

    Raises:
        ValueError: If the file cannot be read, has no known format, holds no entry or
            more than 20 million, or has more bad lines than allowed.
    """
    try:
        state = file.path.stat()
    except OSError as error:
        raise ValueError(f"{file.written} cannot be read: {error.strerror}") from error
    return _read(file, options, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=4)
def _read(
    file: InputFile,
    options: LogOptions,
    mtime_ns: int,  # noqa: ARG001 - a part of the cache's key
    size: int,  # noqa: ARG001 - the same
) -> Recording:
    lines = log_lines(file.path, file.written)
    head = list(islice(lines, _LINES_TO_RECOGNISE))
    texts = [text for _, text in head if text is not None]
    if not texts:
        reason = f"lines longer than {LONGEST_LINE} bytes" if head else "no request"
        raise ValueError(f"{file.written} holds {reason}")
    chosen = _chosen_format(file.written, texts, options.formats)
    try:
        log_format = chosen(texts[0], options.fields)
    except ValueError as error:
        raise ValueError(f"{file.written}:{head[0][0]}: {error}") from error
    columns = _Columns(file.written, log_format, with_query=options.with_query)
    columns.read(chain(head, lines))
    return columns.recording(options.bad_lines_ratio)


def _chosen_format(
    name: str, texts: list[str], formats: tuple[type[LogFormat], ...]
) -> type[LogFormat]:
    for log_format in formats:
        if len(formats) == 1 or log_format.recognises(texts):
            return log_format
    known = ", nor ".join(log_format.expects for log_format in formats)
    raise ValueError(f"{name} is neither {known}; it starts with {_shown(texts[0])}")


def _shown(line: str) -> str:
    plain = "".join(c if c.isprintable() else "." for c in line[:60])
    return f'"{plain}..."' if len(line) > 60 else f'"{plain}"'


class _Columns:
    """The columns of a log while it is read."""

    def __init__(self, name: str, log_format: LogFormat, *, with_query: bool) -> None:
        self.name = name
        self.format = log_format
        self.with_query = with_query
        self.at_ns = array("q")
        self.key, self.location, self.isolate = array("i"), array("i"), array("i")
        self.keys: dict[str | None, int] = {None: NOT_LOGGED}
        self.locations: dict[str | None, int] = {None: NOT_LOGGED}
        self.name_bytes = 0
        self.bad = 0
        self.bad_lines: list[str] = []

    def read(self, lines: Lines) -> None:
        """Take the lines in; what does not parse is counted."""
        if self.format.has_header:
            next(lines, None)
        parse, add = self.format.entry, self._add
        for number, text in lines:
            if text is None:
                self._refuse(number, f"longer than {LONGEST_LINE} bytes")
                continue
            try:
                entry = parse(text)
            except ValueError as error:
                self._refuse(number, f"{error}: {_shown(text)}")
                continue
            add(number, entry)

    def _refuse(self, number: int, reason: str) -> None:
        self.bad += 1
        if len(self.bad_lines) < _BAD_LINES_SHOWN:
            self.bad_lines.append(f"line {number}: {reason}")

    def _add(self, number: int, entry: Entry) -> None:
        at_ns, key, location, isolate = entry
        if at_ns < 0 and not self.format.wall_clock:
            raise ValueError(f"{self.name}:{number}: the instant is before the start")
        if len(self.at_ns) == MOST_ENTRIES:
            raise ValueError(
                f"{self.name}:{number}: more than {MOST_ENTRIES:,} requests;"
                " replay a part of it"
            )
        if key is not None and not self.with_query:
            key = key.partition("?")[0]
        self.at_ns.append(at_ns)
        self.key.append(self._code(self.keys, key, number))
        self.location.append(self._code(self.locations, location, number))
        self.isolate.append(isolate)

    def _code(self, codes: dict[str | None, int], name: str | None, number: int) -> int:
        code = codes.get(name)
        if code is None:
            code = codes[name] = len(codes) - 1
            self.name_bytes += len(name or "") + _BYTES_PER_NAME
            if self.name_bytes > _MOST_NAME_BYTES:
                raise ValueError(
                    f"{self.name}:{number}: more different keys than 1 GiB"
                )
        return code

    def recording(self, bad_lines_ratio: float) -> Recording:
        """Return what was read, in order of time."""
        self._check(bad_lines_ratio)
        at_ns = np.frombuffer(self.at_ns, dtype=np.int64)
        is_in_order = bool(np.all(at_ns[1:] >= at_ns[:-1]))
        order = slice(None) if is_in_order else np.argsort(at_ns, kind="stable")
        at_ns = at_ns[order]
        return Recording(
            name=self.name,
            at_ns=at_ns - at_ns[0] if self.format.wall_clock else at_ns,
            key=np.frombuffer(self.key, dtype=np.int32)[order],
            location=np.frombuffer(self.location, dtype=np.int32)[order],
            isolate=np.frombuffer(self.isolate, dtype=np.int32)[order],
            keys=tuple(name for name in self.keys if name is not None),
            locations=tuple(name for name in self.locations if name is not None),
            stamp_ns=self.format.stamp_ns,
            warnings=(self._bad_lines_text(),) if self.bad else (),
        )

    def _check(self, bad_lines_ratio: float) -> None:
        lines = self.bad + len(self.at_ns)
        if self.bad > bad_lines_ratio * lines:
            allowed = format_ratio(bad_lines_ratio)
            raise ValueError(
                f"{self._bad_lines_text()}; that is more than bad_lines: {allowed}"
            )
        if not self.at_ns:
            raise ValueError(f"{self.name} holds no request")

    def _bad_lines_text(self) -> str:
        lines = self.bad + len(self.at_ns)
        return (
            f"{self.name}: {self.bad:,} of {lines:,} lines do not parse: "
            + "; ".join(self.bad_lines)
            + ("; ..." if self.bad > len(self.bad_lines) else "")
        )
