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

from simcoalesce.yaml.node import (
    MappingEntry,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    Source,
    SourcePosition,
)
from simcoalesce.yaml.plain_scalar import meaning
from simcoalesce.yaml.syntax import in_plain_words
from simcoalesce.yaml.validation_error import InvalidScenario, ValidationError

MOST_NODES: Final = 100_000
DEEPEST: Final = 50

_TEXT_TAG: Final = "tag:yaml.org,2002:str"
_MOST_ERRORS: Final = 1_000


def parsed_yaml(text: str, source: Source) -> tuple[Node | None, list[ValidationError]]:
    """Return the one document of a text, and what is wrong but did not stop reading.

    Args:
        text: YAML 1.2.
        source: Its name and lines, for the positions of the nodes.

    Returns:
        The document (None if the text is empty) and errors, e.g. of keys that
        stand twice.

    Raises:
        InvalidScenario: If the text is not YAML, holds several documents, is nested
            too deeply, or is too large once its aliases are followed.
    """
    builder = _NodeBuilder(text, source)
    try:
        return builder.document(), builder.errors
    except InvalidScenario:
        raise
    except MarkedYAMLError as error:
        raise InvalidScenario.of(*in_plain_words(error, source)) from None
    except (YAMLError, ValueError) as error:
        message = f"this is not YAML: {error}"
        raise InvalidScenario.of(SourcePosition(source), message) from None


class _Yaml(YAML):
    """The parser without its plug-ins, for which it would search the disk each time."""

    @override
    def official_plug_ins(self) -> list[Any]:
        return []


class _NodeBuilder:
    """Builds nodes from the events of the parser, one after the other."""

    def __init__(self, text: str, source: Source) -> None:
        self.source = source
        self.errors: list[ValidationError] = []
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
            message = f"this is nested more than {DEEPEST} levels deep"
            raise self._invalid(event, message)
        elif isinstance(event, SequenceStartEvent):
            node = self._sequence(event, depth + 1)
        else:
            node = self._mapping(event, depth + 1)
        if event.anchor is not None:
            self._anchors[event.anchor] = (node, self._nodes - before + 1)
        return node

    def _scalar(self, event: Any) -> ScalarNode:
        position = self._position(event)
        is_plain, is_text = event.implicit
        if any("\ud800" <= c <= "\udfff" for c in event.value):
            self._add(position, "half a character: write it as itself, not as \\ud...")
            return ScalarNode("", position)
        if not is_plain and not is_text and str(event.ctag) != _TEXT_TAG:
            self._refuse_tag(event)
        return ScalarNode(meaning(event.value) if is_plain else event.value, position)

    def _sequence(self, start: Any, depth: int) -> SequenceNode:
        self._allow_no_tag(start)
        items = tuple(self._node(event, depth) for event in self._until_end())
        return SequenceNode(items, self._position(start))

    def _mapping(self, start: Any, depth: int) -> MappingNode:
        self._allow_no_tag(start)
        entries: dict[str, MappingEntry] = {}
        for event in self._until_end():
            key, position = self._key(event, depth)
            value = self._node(next(self._events), depth)
            if key in entries:
                first = entries[key].key
                self._add(
                    position,
                    f'"{key}" stands twice; it is already set at line {first.line},'
                    f" column {first.column}. Keep one",
                )
            entries.setdefault(key, MappingEntry(position, value))
        begins = self._position(start)
        if not start.flow_style and entries:
            begins = next(iter(entries.values())).key
        return MappingNode(entries, begins)

    def _key(self, event: Any, depth: int) -> tuple[str, SourcePosition]:
        position = self._position(event)
        key = self._node(event, depth)
        if not isinstance(key, ScalarNode):
            self._add(position, "a key must be a word, not a list or a table")
            return "", position
        if isinstance(event, ScalarEvent):
            if event.value == "<<":
                self._add(
                    position,
                    "merge keys (<<) are not in YAML 1.2; share values in a section"
                    " (kv:, origin:), with variants: or with extends:",
                )
            return str(event.value), position
        return str(key.value), position

    def _until_end(self) -> Iterator[Event]:
        for event in self._events:
            if isinstance(event, (SequenceEndEvent, MappingEndEvent)):
                return
            yield event

    def _alias(self, event: Any) -> Node:
        if event.anchor not in self._anchors:
            message = f'nothing before this is named "&{event.anchor}"'
            raise self._invalid(event, message)
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

    def _allow_no_tag(self, start: Any) -> None:
        if not start.implicit:
            self._refuse_tag(start)

    def _refuse_tag(self, event: Any) -> None:
        message = f"the tag {event.ctag} means nothing here; leave it out"
        self._add(self._position(event), message)

    def _position(self, event: Any) -> SourcePosition:
        start, end = event.start_mark, event.end_mark
        is_one_line = end.line == start.line
        width = end.column - start.column if is_one_line else 1
        return SourcePosition(
            self.source, start.line + 1, start.column + 1, max(width, 1)
        )

    def _add(self, position: SourcePosition, message: str) -> None:
        if len(self.errors) < _MOST_ERRORS:
            self.errors.append(ValidationError(position, "", message))

    def _invalid(self, event: Any, message: str) -> InvalidScenario:
        return InvalidScenario(
            [*self.errors, ValidationError(self._position(event), "", message)]
        )
