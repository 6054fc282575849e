"""From YAML to nodes: bounded in depth and size, with all that is wrong at once."""

from collections.abc import Iterator
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from typing_extensions import override

from simcoalesce.scenario.plain_scalar import meaning
from simcoalesce.scenario.syntax import in_plain_words
from simcoalesce.scenario.validation_error import InvalidScenario, ValidationError
from simcoalesce.scenario.yaml_node import (
    Node,
    Row,
    Scalar,
    Source,
    SourcePosition,
    Table,
    TableEntry,
)

MOST_NODES: Final = 100_000
DEEPEST: Final = 50

_TEXT_TAG: Final = "tag:yaml.org,2002:str"
_MOST_COMPLAINTS: Final = 1_000


def parsed_yaml(text: str, source: Source) -> tuple[Node | None, list[ValidationError]]:
    """Return the one document of a text, and what is wrong but did not stop reading.

    Args:
        text: YAML 1.2.
        source: Its name and lines, for the places of the nodes.

    Returns:
        The document (None if the text is empty) and complaints, e.g. of keys that
        stand twice.

    Raises:
        InvalidScenario: If the text is not YAML, holds several documents, is nested
            too deeply, or is too large once its aliases are followed.
    """
    composer = _Composer(text, source)
    try:
        return composer.document(), composer.complaints
    except MarkedYAMLError as error:
        place, message = in_plain_words(error, source)
        raise InvalidScenario([ValidationError(place, "", message)]) from None
    except (YAMLError, ValueError) as error:
        if isinstance(error, InvalidScenario):
            raise
        message = f"this is not YAML: {error}"
        raise InvalidScenario(
            [ValidationError(SourcePosition(source), "", message)]
        ) from None


class _Yaml(YAML):
    """The parser without its plug-ins, for which it would search the disk each time."""

    @override
    def official_plug_ins(self) -> list[Any]:
        return []


class _Composer:
    """Builds nodes from the events of the parser, one after the other."""

    def __init__(self, text: str, source: Source) -> None:
        self.source = source
        self.complaints: list[ValidationError] = []
        self._events: Iterator[Event] = _Yaml(typ="safe", pure=True).parse(text)
        self._anchors: dict[str, tuple[Node, int] | None] = {}
        self._nodes = 0

    def document(self) -> Node | None:
        """Return the only document."""
        next(self._events)
        event = next(self._events)
        if isinstance(event, StreamEndEvent):
            return None
        node = self._node(next(self._events), 0)
        next(self._events)
        event = next(self._events)
        if isinstance(event, DocumentStartEvent):
            raise self._invalid(
                event,
                "a second document starts here; a file holds one scenario (write"
                " variants: instead, or one file each)",
            )
        return node

    def _node(self, event: Any, depth: int) -> Node:
        if isinstance(event, AliasEvent):
            return self._alias(event)
        self._count(event, 1)
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        before = self._nodes
        if isinstance(event, ScalarEvent):
            node: Node = self._scalar(event)
        elif depth >= DEEPEST:
            raise self._invalid(
                event, f"this is nested more than {DEEPEST} levels deep"
            )
        elif isinstance(event, SequenceStartEvent):
            node = self._row(event, depth + 1)
        else:
            node = self._table(event, depth + 1)
        if event.anchor is not None:
            self._anchors[event.anchor] = (node, self._nodes - before + 1)
        return node

    def _scalar(self, event: Any) -> Scalar:
        place = self._place(event)
        is_plain, is_text = event.implicit
        if any("\ud800" <= c <= "\udfff" for c in event.value):
            self._complain(
                place, "half a character: write it as itself, not as \\ud..."
            )
            return Scalar("", place)
        if not is_plain and not is_text and str(event.ctag) != _TEXT_TAG:
            self._complain(
                place, f"the tag {event.ctag} means nothing here; leave it out"
            )
        return Scalar(meaning(event.value) if is_plain else event.value, place)

    def _row(self, start: Any, depth: int) -> Row:
        self._refuse_tag(start)
        items = tuple(self._node(event, depth) for event in self._until_end())
        return Row(items, self._place(start))

    def _table(self, start: Any, depth: int) -> Table:
        self._refuse_tag(start)
        entries: dict[str, TableEntry] = {}
        for event in self._until_end():
            key, place = self._key(event, depth)
            value = self._node(next(self._events), depth)
            if key in entries:
                first = entries[key].key
                self._complain(
                    place,
                    f'"{key}" stands twice; it is already set at line {first.line},'
                    f" column {first.column}. Keep one",
                )
            entries.setdefault(key, TableEntry(place, value))
        start_place = self._place(start)
        if not start.flow_style and entries:
            start_place = next(iter(entries.values())).key
        return Table(entries, start_place)

    def _key(self, event: Any, depth: int) -> tuple[str, SourcePosition]:
        place = self._place(event)
        key = self._node(event, depth)
        if not isinstance(key, Scalar):
            self._complain(place, "a key must be a word, not a list or a table")
            return "", place
        if isinstance(event, ScalarEvent):
            if event.value == "<<":
                self._complain(
                    place,
                    "merge keys (<<) are not in YAML 1.2; share values in a section"
                    " (kv:, origin:), with variants: or with extends:",
                )
            return str(event.value), place
        return str(key.value), place

    def _until_end(self) -> Iterator[Event]:
        for event in self._events:
            if isinstance(event, (SequenceEndEvent, MappingEndEvent)):
                return
            yield event

    def _alias(self, event: Any) -> Node:
        if event.anchor not in self._anchors:
            raise self._invalid(
                event, f'nothing before this is named "&{event.anchor}"'
            )
        found = self._anchors[event.anchor]
        if found is None:
            raise self._invalid(event, f'"*{event.anchor}" stands inside itself')
        node, size = found
        self._count(event, size)
        return node

    def _count(self, event: Any, nodes: int) -> None:
        self._nodes += nodes
        if self._nodes > MOST_NODES:
            raise self._invalid(
                event,
                f"more than {MOST_NODES:,} values up to here, aliases followed; put"
                " recorded traffic into a file of its own",
            )

    def _refuse_tag(self, event: Any) -> None:
        if not event.implicit:
            message = f"the tag {event.ctag} means nothing here; leave it out"
            self._complain(self._place(event), message)

    def _place(self, event: Any) -> SourcePosition:
        start, end = event.start_mark, event.end_mark
        is_one_line = end.line == start.line
        width = end.column - start.column if is_one_line else 1
        return SourcePosition(
            self.source, start.line + 1, start.column + 1, max(width, 1)
        )

    def _complain(self, place: SourcePosition, message: str) -> None:
        if len(self.complaints) < _MOST_COMPLAINTS:
            self.complaints.append(ValidationError(place, "", message))

    def _invalid(self, event: Any, message: str) -> InvalidScenario:
        return InvalidScenario(
            [*self.complaints, ValidationError(self._place(event), "", message)]
        )
