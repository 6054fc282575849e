"""Line parsers: what the lines of a log say, column by column."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import methodcaller
from typing import Any, Final, Self

from typing_extensions import override

Texts = list[Any]
"""One column: what is written for each line; None where it is not there."""
Rows = tuple[list[tuple[Any, ...]], list[int]]
"""What good lines say, and the indexes of the bad ones."""

_GROUP: Final = re.compile(r"(?<!\\)\(\?P<(\w+)>")
_REFERENCES: Final = ("(?P=", "(?(")


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
        rows, wrong = self._rows(taken)
        ignored = len(lines) - len(taken)
        if not wrong:
            return ParsedLines(self._by_field(rows), numbers, [], ignored)
        bad = [(numbers[index], self._reason(taken[index])) for index in wrong]
        is_bad = set(wrong)
        good = [one for index, one in enumerate(numbers) if index not in is_bad]
        return ParsedLines(self._by_field(rows), good, bad, ignored)

    def _rows(self, lines: Sequence[str]) -> Rows:
        """Return what each good line says, as `row`, and which lines are bad."""
        rows, wrong = [], []
        for index, line in enumerate(lines):
            try:
                rows.append(self.row(line))
            except ValueError:
                wrong.append(index)
        return rows, wrong

    def _reason(self, line: str) -> str:
        try:
            self.row(line)
        except ValueError as error:
            return str(error)
        return "it does not parse"

    @property
    def _order(self) -> Sequence[str]:
        """The fields in the order of what a row says."""
        return tuple(self.fields)

    def _by_field(self, rows: list[tuple[Any, ...]]) -> dict[str, Texts]:
        columns = zip(*rows, strict=True) if rows else ([] for _ in self.fields)
        return {
            name: list(column)
            for name, column in zip(self._order, columns, strict=True)
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
        """The pattern with no more groups than are read: each costs its time."""
        if any(refers in self.pattern for refers in _REFERENCES):
            return re.compile(self.pattern)
        wanted = {*self.fields.values()}
        return re.compile(
            _GROUP.sub(lambda one: one[0] if one[1] in wanted else "(?:", self.pattern)
        )

    @cached_property
    def _groups(self) -> Callable[[re.Match[str]], tuple[Any, ...]]:
        if self._has_no_others:
            return methodcaller("groups")
        names = list(self.fields.values())
        if len(names) == 1:
            return lambda match: (match[names[0]],)
        return lambda match: match.group(*names)

    @property
    def _has_no_others(self) -> bool:
        return self._pattern.groups == len(self.fields)

    @property
    @override
    def _order(self) -> Sequence[str]:
        if not self._has_no_others:
            return super()._order
        index = self._pattern.groupindex
        return sorted(self.fields, key=lambda name: index[self.fields[name]])

    @override
    def row(self, line: str) -> tuple[Any, ...]:
        """Return what the groups of the pattern match."""
        match = self._pattern.match(line)
        if match is None:
            raise ValueError(f"not {self.expects}")
        return self._groups(match)

    @override
    def _rows(self, lines: Sequence[str]) -> Rows:
        matches = list(map(self._pattern.match, lines))
        good = list(filter(None, matches))
        wrong: list[int] = []
        if len(good) < len(matches):
            wrong = [index for index, match in enumerate(matches) if match is None]
        return list(map(self._groups, good)), wrong
