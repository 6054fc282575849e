"""General layouts: of files whose fields have names that no format declares."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from simcoalesce.logs.field_choice import choose
from simcoalesce.logs.layout import Layout
from simcoalesce.logs.line_parser import LineParser
from simcoalesce.logs.line_pattern import LinePattern
from simcoalesce.logs.named_samples import Choice, Samples
from simcoalesce.logs.numbers import NS_PER
from simcoalesce.logs.table_head import TableHead
from simcoalesce.logs.table_parser import cells

_DEFAULT_NS: Final = 10**9
TAKEN_AS_START: Final = (
    "it does not say whether a stamp is the start or the end of a request: taken as the"
    " start; if it is the end, write time_is: end"
)
NO_TARGET: Final = "it does not say what is asked for: keys are drawn"


def chosen_fields(samples: Samples, said: Mapping[str, str], word: str) -> Choice:
    """Return which field says what, as the user says, or as names and values tell.

    Args:
        samples: The fields, with what the first lines say.
        said: What the user says of the fields.
        word: How a user says it: ``fields`` or ``columns``.

    Raises:
        ValueError: If it is not certain where the time or what is asked for is.
    """
    choice = choose(samples, said, counts_seconds=word == "fields")
    if "time" not in choice.fields:
        found = choice.questions.get("time") or list(samples) or ["ts"]
        raise _uncertain("time", "the time of a request", found, word)
    # Who says where the time is has seen the fields, and may draw keys.
    if choice.questions.get("url") and "time" not in said:
        raise _uncertain("url", "what is asked for", choice.questions["url"], word)
    if "url" in choice.questions:
        choice.assumptions.append(NO_TARGET)
    return choice


def _uncertain(field: str, what: str, found: list[str], word: str) -> ValueError:
    listed = ", ".join(found)
    return ValueError(
        f"it is not certain which field is {what}: {listed:.200}; write e.g."
        f" {word}: {{{field}: {found[0]}}}"
    )


def with_choice(layout: Layout, choice: Choice) -> Layout:
    """Return a layout with the units and the meaning of the stamps that were found."""
    unit = choice.units.get("time", "")
    assumptions = list(choice.assumptions)
    if not choice.time_is and choice.is_wall_clock:
        assumptions.append(TAKEN_AS_START)
    return replace(
        layout,
        time=replace(
            layout.time,
            is_wall_clock=choice.is_wall_clock,
            ns_per_unit=NS_PER.get(unit, layout.time.ns_per_unit),
        ),
        time_is=choice.time_is or "start",
        duration_ns=NS_PER.get(choice.units.get("duration", ""), _DEFAULT_NS),
        origin_ns=NS_PER.get(choice.units.get("origin_duration", ""), _DEFAULT_NS),
        assumptions=tuple(assumptions),
    )


def layout_of_tokens(kind: str, parser: LineParser, found: LinePattern) -> Layout:
    """Return a layout of lines whose tokens told what they are."""
    taken = () if found.time_is else (TAKEN_AS_START,)
    return Layout(
        kind,
        parser,
        time_is=found.time_is or "start",
        duration_ns=NS_PER.get(found.units.get("duration", ""), _DEFAULT_NS),
        origin_ns=NS_PER.get(found.units.get("origin_duration", ""), _DEFAULT_NS),
        assumptions=(*found.assumptions, *taken),
    )


def flat(table: Mapping[str, Any], depth: int = 4) -> dict[str, Any]:
    """Return the texts and numbers within an object, by their paths.

    >>> flat({"request": {"uri": "/a"}, "tags": [1], "status": 200})
    {'request.uri': '/a', 'status': 200}
    """
    found: dict[str, Any] = {}
    for name, value in table.items():
        if isinstance(value, Mapping):
            if depth > 1:
                inner = flat(value, depth - 1)
                found |= {f"{name}.{path}": one for path, one in inner.items()}
        elif not isinstance(value, (list, tuple)):
            found[name] = value
    return found


def by_name(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """Return the fields of some lines, each with what the lines say."""
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: [row.get(name) for row in rows] for name in names}


def table_samples(lines: Sequence[str], table: TableHead) -> dict[str, list[Any]]:
    """Return the columns of a table, each with what the first rows say."""
    rows = []
    for line in lines[table.skip :]:
        if line.startswith("#"):
            continue
        try:
            row = cells(line, table.delimiter)
        except ValueError:
            continue
        if len(row) == len(table.names):
            rows.append(dict(zip(table.names, row, strict=True)))
    return {name: [row[name] for row in rows] for name in table.names}
