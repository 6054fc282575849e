"""Entry text: an entry of the reference for a terminal."""

from collections.abc import Iterator
from textwrap import fill, indent
from typing import Final

from simcoalesce.reference.reference_entry import ReferenceEntry

_INDENT: Final = "  "


def entry_text(entry: ReferenceEntry, width: int) -> str:
    """Return an entry as text, with an end of line at its end.

    Args:
        entry: What is told.
        width: Of the terminal, in columns.
    """
    return "\n\n".join(_parts(entry, width)) + "\n"


def _parts(entry: ReferenceEntry, width: int) -> Iterator[str]:
    yield f"{entry.name} ({entry.subject})"
    for paragraph in filter(None, entry.text.split("\n\n")):
        yield fill(paragraph, width)
    if entry.facts:
        longest = max(map(len, entry.facts))
        yield "\n".join(
            fill(
                f"{_INDENT}{name:<{longest}}  {fact.replace('`', '')}",
                width,
                subsequent_indent=" " * (longest + 4),
            )
            for name, fact in entry.facts.items()
        )
    if entry.example:
        yield indent(entry.example, _INDENT)
    if entry.keys:
        yield "\n".join(_line(key, width) for key in entry.keys)


def _line(key: ReferenceEntry, width: int) -> str:
    """Return a key in its lines: its name, what it takes, and what it is."""
    takes = key.facts.get("takes", "").replace("`", "")
    told = f"{takes}: {key.summary}" if takes else key.summary
    default = key.facts.get("default", "").replace("`", "")
    told += f" ({default})" if default else ""
    return fill(f"{_INDENT}{key.name}  {told}", width, subsequent_indent=_INDENT * 3)


def names_text(entries: Iterator[ReferenceEntry], width: int) -> str:
    """Return the names of entries, each with its first words, one a line."""
    told = list(entries)
    longest = max((len(one.name) for one in told), default=0)
    lines = (f"{one.name:<{longest}}  {one.summary}" for one in told)
    return "".join(f"{line[:width].rstrip()}\n" for line in lines)
