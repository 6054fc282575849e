"""Validation errors: what is wrong, at which position, and what to write instead."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from unicodedata import east_asian_width

from typing_extensions import override

from simcoalesce.yaml.node import SourcePosition

_MOST_SHOWN: Final = 50
_WIDEST_LINE: Final = 100
_LONGEST_WORDS: Final = 400


@dataclass(frozen=True, slots=True)
class ValidationError:
    """One thing that is wrong.

    Attributes:
        position: Where it is written.
        where: Its path in the scenario, e.g. ``kv.write_latency``.
        message: What is wrong, and what to write instead.
    """

    position: SourcePosition
    where: str
    message: str

    @property
    def file(self) -> str:
        """The source, as the user named it."""
        return self.position.source.name

    @property
    def line(self) -> int:
        """The line, from 1; 0 if it is about the source as a whole."""
        return self.position.line

    @property
    def column(self) -> int:
        """The column, from 1."""
        return self.position.column

    @property
    def location(self) -> str:
        """``file:line:column``, or what was given on the command line."""
        if self.line and self.position.source.lines:
            return f"{self.file}:{self.line}:{self.column}"
        return self.file

    @property
    def snippet(self) -> str:
        """The line that it is about, and a caret below; empty if there is none."""
        lines = self.position.source.lines
        if not 1 <= self.line <= len(lines):
            return ""
        return _pointed_at(lines[self.line - 1], self.position)


class InvalidScenario(ValueError):  # noqa: N818 - the name says what is wrong
    """A scenario, or a file that it names, with everything that is wrong with it."""

    def __init__(self, errors: Iterable[ValidationError]) -> None:
        """Sort errors by position; of two that say the same there, keep one."""
        unique: dict[tuple[SourcePosition, str], ValidationError] = {}
        for error in errors:
            unique.setdefault((error.position, error.message), error)
        self.errors = tuple(sorted(unique.values(), key=_order))
        super().__init__(self.errors)

    @classmethod
    def of(
        cls, position: SourcePosition, message: str, where: str = ""
    ) -> "InvalidScenario":
        """Return the exception for one thing that is wrong."""
        return cls([ValidationError(position, where, message)])

    @override
    def __str__(self) -> str:
        return rendered(self.errors)

    @override
    def __reduce__(self) -> tuple[type["InvalidScenario"], tuple[object, ...]]:
        return InvalidScenario, (self.errors,)


def _order(error: ValidationError) -> tuple[bool, str, int, int]:
    is_from_file = bool(error.position.source.lines)
    return (not is_from_file, error.file, error.line, error.column)


def rendered(errors: Iterable[ValidationError]) -> str:
    """Return errors as text: position, path, message; then the line with a caret."""
    every = list(errors)
    shown = every[:_MOST_SHOWN]
    locations = [_safe(c.location, 120) for c in shown]
    paths = [_safe(c.where, 60) for c in shown]
    blocks = [
        f"{location}  {path}{_safe(c.message)}\n{c.snippet}"
        for c, location, path in zip(
            shown, _column(locations), _column(paths, gap=2), strict=True
        )
    ]
    if len(every) > len(shown):
        blocks.append(f"... and {len(every) - len(shown)} more\n")
    problems = "1 problem" if len(every) == 1 else f"{len(every)} problems"
    return "".join(blocks) + f"{problems}, nothing was run."


def _column(texts: list[str], gap: int = 0) -> list[str]:
    """Return texts of one width; of none if all are empty."""
    width = max(map(len, texts), default=0)
    return [f"{text:<{width + gap}}" if width else "" for text in texts]


def _pointed_at(line: str, position: SourcePosition) -> str:
    """Return a line with carets under its columns, both cut if the line is long."""
    start = position.column - 1
    cut = start - 40 if start > _WIDEST_LINE - 20 else 0
    text = _printable(line[cut : cut + _WIDEST_LINE])
    lead = "..." if cut else ""
    before = lead + text[: start - cut]
    under = text[start - cut : start - cut + position.width]
    carets = "^" * max(_width(under), 1)
    number = f"{position.line:>4} | "
    margin = " " * (len(number) + _width(before))
    return f"{number}{lead}{text}\n{margin}{carets}\n"


def _width(text: str) -> int:
    """Return how many columns a text takes on a screen."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


def _safe(text: str, longest: int = _LONGEST_WORDS) -> str:
    """Return a text that cannot steer a terminal, and ends."""
    cut = text if len(text) <= longest else f"{text[: longest - 3]}..."
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode() for c in cut
    )
