"""Line parsers: what the lines of a log say, column by column."""

import gc
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Self

from typing_extensions import override

Texts = list[Any]
"""One column: what is written for each line; None where it is not there."""


@dataclass
class ParsedLines:
    """The good lines of a block, column by column, and the bad ones.

    Attributes:
        columns: What each field says, of the good lines in order.
        rows: Index of each good line within the block.
        bad: Index and reason of each bad line.
        ignored: How many lines are no requests, and not meant to be.
    """

    columns: dict[str, Texts]
    rows: Sequence[int]
    bad: list[tuple[int, str]] = field(default_factory=list)
    ignored: int = 0


@contextmanager
def _no_collections() -> Iterator[None]:
    """Collect no garbage meanwhile: rows are many, and none of them is a cycle."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@dataclass(frozen=True)
class LineParser:
    """Parses the lines of one log. It is sent to other processes, so it holds texts.

    Attributes:
        fields: What each field is read from: a group, a path or a column; or a
            template of several (``{date} {time}``).
        expects: What a line looks like, for messages.
        ignores: A pattern of the lines that are no requests, e.g. comments.
    """

    fields: Mapping[str, str]
    expects: str = ""
    ignores: str = ""

    @override
    def __getstate__(self) -> dict[str, Any]:
        # What is cached is made anew elsewhere: functions cannot be sent.
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    def has(self, name: str) -> bool:
        """Whether there is such a group, path or column."""
        return name in self.fields.values()

    def with_raw(self, names: Collection[str]) -> Self:
        """Return a parser that reads these groups, paths or columns too."""
        new = {name: name for name in names if name not in self.fields}
        return replace(self, fields={**self.fields, **new})

    def only(self, fields: Collection[str]) -> Self:
        """Return a parser of these fields, as far as there are such."""
        kept = {name: of for name, of in self.fields.items() if name in fields}
        return replace(self, fields=kept)

    def row(self, line: str) -> tuple[Any, ...]:
        """Return what each field says in one line, in the order of `fields`.

        Raises:
            ValueError: If it does not parse.
        """
        raise NotImplementedError

    def parsed(self, lines: Sequence[str]) -> ParsedLines:
        """Parse lines that are not blank."""
        numbers: Sequence[int] = range(len(lines))
        taken = lines
        if self.ignores:
            is_comment = re.compile(self.ignores).match
            numbers = [row for row, line in enumerate(lines) if not is_comment(line)]
            taken = [lines[row] for row in numbers]
        with _no_collections():
            rows = self._rows(taken)
        ignored = len(lines) - len(taken)
        if None not in rows:
            return ParsedLines(self._by_field(rows), numbers, [], ignored)
        wrong = [index for index, row in enumerate(rows) if row is None]
        bad = [(numbers[index], self._reason(taken[index])) for index in wrong]
        good = [numbers[index] for index, row in enumerate(rows) if row is not None]
        kept = [row for row in rows if row is not None]
        return ParsedLines(self._by_field(kept), good, bad, ignored)

    def _rows(self, lines: Sequence[str]) -> list[Any]:
        """Return what each line says, as `row`; None for a line that does not parse."""
        rows: list[Any] = []
        for line in lines:
            try:
                rows.append(self.row(line))
            except ValueError:
                rows.append(None)
        return rows

    def _reason(self, line: str) -> str:
        try:
            self.row(line)
        except ValueError as error:
            return str(error)
        return "it does not parse"

    def _by_field(self, rows: list[Any]) -> dict[str, Texts]:
        columns = zip(*rows, strict=True) if rows else ([] for _ in self.fields)
        return {
            name: list(column)
            for name, column in zip(self.fields, columns, strict=True)
        }


@dataclass(frozen=True)
class TextParser(LineParser):
    """Lines of a regular expression with named groups; it may end before the line.

    Attributes:
        pattern: It must match from the start of a line.
    """

    pattern: str = ""

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(self.pattern)

    @cached_property
    def _groups(self) -> Callable[[re.Match[str]], tuple[Any, ...]]:
        names = list(self.fields.values())
        if len(names) == 1:
            return lambda match: (match[names[0]],)
        return lambda match: match.group(*names)

    @override
    def row(self, line: str) -> tuple[Any, ...]:
        """Return what the groups of the pattern match."""
        match = self._pattern.match(line)
        if match is None:
            raise ValueError(f"not {self.expects}")
        return self._groups(match)

    @override
    def _rows(self, lines: Sequence[str]) -> list[Any]:
        groups = self._groups
        matches = map(self._pattern.match, lines)
        return [match and groups(match) for match in matches]
