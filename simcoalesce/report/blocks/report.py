"""Reports and their blocks: what is said of a result, whatever form it takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Self

from simcoalesce.scenario.scenario import Scenario
from simcoalesce.visible import visible

Tone = Literal["good", "bad", "warn"]


class Toned(str):
    """A text of a block that is good or bad news: a form shows that by its colour.

    Attributes:
        tone: Which it is; None if neither.
    """

    __slots__ = ("tone",)
    tone: Tone | None

    def __new__(cls, text: str, tone: Tone | None) -> Self:
        """Give a text its tone."""
        toned = super().__new__(cls, text)
        toned.tone = tone
        return toned


def shown(text: str) -> str:
    """Return a text with its control characters written out, in its tone."""
    seen = visible(text)
    return seen if seen is text else Toned(seen, tone_of(text))


def tone_of(text: str) -> Tone | None:
    """Return the tone of a text; None if it has none."""
    return text.tone if isinstance(text, Toned) else None


@dataclass(frozen=True)
class Block:
    """A heading, sentences, a table, and what to know of the table.

    Attributes:
        title: The heading; may be empty.
        lines: Sentences above the table; one may have a tone.
        header: Column names; none without a table.
        rows: The texts of each row, column by column; one may have a tone.
        numbers: Which columns hold numbers, from 0.
        notes: Sentences below.
        pictures: Kinds of pictures that show the same, where a form has pictures.
        has_steps: Whether each row is a setting, the second column, of what the
            first column names: a page has a slider over them.
    """

    title: str = ""
    lines: Sequence[str] = ()
    header: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    numbers: Sequence[int] = ()
    notes: Sequence[str] = ()
    pictures: Sequence[str] = ()
    has_steps: bool = False

    def __post_init__(self) -> None:
        """Write out what would command a terminal or a reader: names may have it."""
        object.__setattr__(self, "title", shown(self.title))
        for name in ("lines", "header", "notes"):
            object.__setattr__(self, name, tuple(map(shown, getattr(self, name))))
        rows = tuple(tuple(map(shown, row)) for row in self.rows)
        object.__setattr__(self, "rows", rows)


@dataclass(frozen=True)
class Tile:
    """A number that is seen first.

    Attributes:
        what: Of what it is.
        value: The number, in words; it may have a tone.
        note: Its interval, or what else belongs beside it; may be empty.
    """

    what: str
    value: str
    note: str = ""

    def __post_init__(self) -> None:
        """Write out control characters, as in a block."""
        for name in ("what", "value", "note"):
            object.__setattr__(self, name, shown(getattr(self, name)))


@dataclass(frozen=True)
class Report:
    """A title, a sentence for those who read no more, and blocks.

    Attributes:
        title: Of what it is.
        subtitle: The circumstances: the scenario, the seeds.
        headline: The most important sentence.
        blocks: All the rest, in the order in which it is read.
        subjects: What the pictures of the blocks are drawn of.
        command: What gives the same report; may be empty.
        made_of: The scenario that a page shows as a whole; None if it shows none.
        tiles: The numbers that a page shows first.
    """

    title: str
    subtitle: str
    headline: str
    blocks: Sequence[Block]
    subjects: Sequence[object] = ()
    command: str = ""
    made_of: Scenario | None = None
    tiles: Sequence[Tile] = ()

    def __post_init__(self) -> None:
        """Write out control characters, as in a block."""
        for name in ("title", "subtitle", "headline", "command"):
            object.__setattr__(self, name, shown(getattr(self, name)))
