"""Faults: what pydantic finds, as complaints at the place of the value."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import pydantic
from pydantic_core import ErrorDetails

from simcoalesce.scenario.error_messages import message_of
from simcoalesce.scenario.schema_index import Model, models_at
from simcoalesce.scenario.validation_error import ValidationError
from simcoalesce.scenario.yaml_node import (
    Node,
    Row,
    Scalar,
    SourcePosition,
    Step,
    Table,
    written,
)

_MOST: Final = 200
"""More errors than these in one part help nobody, and take time to explain."""

_NOT_A_TABLE: Final = frozenset(("model_type", "dict_type"))


@dataclass(frozen=True, slots=True)
class ErrorSite:
    """A part of a scenario that is checked by itself.

    Attributes:
        node: What it says.
        place: Where it stands, if that is not where its node begins: its key.
        steps: The way to it from the root.
        models: The models that it may be.
    """

    node: Node
    place: SourcePosition
    steps: tuple[Step, ...]
    models: tuple[Model, ...]


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where an error is: the way, the place, what stands there, what was expected."""

    steps: tuple[Step, ...]
    place: SourcePosition
    node: Node | None
    models: tuple[Model, ...]


def pydantic_errors(
    error: pydantic.ValidationError, part: ErrorSite
) -> Iterator[tuple[ErrorDetails, ValidationError]]:
    """Yield each error of a part with the complaint that it makes."""
    every = error.errors(include_url=False)[:_MOST]
    found = [(one, _spot(one, part)) for one in every]
    for one, spot in found:
        if not _is_beside_the_point(one, spot, found):
            message = message_of(one, spot.models)
            yield one, ValidationError(spot.place, written(spot.steps), message)


def _spot(error: ErrorDetails, part: ErrorSite) -> _Spot:
    location = error["loc"]
    if error["type"] == "missing":
        return _at_change(_walk(part, location[:-1]))
    if error["type"] == "extra_forbidden":
        return _at_key(_walk(part, location[:-1]), str(location[-1]))
    spot = _walk(part, location)
    if error["type"] == "union_tag_invalid":
        return _at_value(spot, "kind")
    return spot


def _at_change(spot: _Spot) -> _Spot:
    """Return a spot at the later change, if there is one, that made it lack a key."""
    if not isinstance(spot.node, Table):
        return spot
    places = [spot.place, *(entry.value.place for entry in spot.node.entries.values())]
    return replace(spot, place=max(places, key=lambda place: place.source.rank))


def _at_key(spot: _Spot, key: str) -> _Spot:
    entry = spot.node.entries.get(key) if isinstance(spot.node, Table) else None
    place = entry.key if entry else spot.place
    return _Spot((*spot.steps, key), place, None, spot.models)


def _at_value(spot: _Spot, key: str) -> _Spot:
    value = spot.node.get(key) if isinstance(spot.node, Table) else None
    place = value.place if value else spot.place
    return _Spot((*spot.steps, key), place, value, spot.models)


def _walk(part: ErrorSite, location: tuple[Step, ...]) -> _Spot:
    """Follow a location as far as it is a way in the document.

    What pydantic adds to it (tags of unions, names of fields within a value that is
    written shorter) is no step in the document.
    """
    steps, place, node = part.steps, part.place, part.node
    for step in location:
        child = _child(node, step)
        if child is not None:
            key, node = child
            steps = (*steps, step)
            # A list or a table is best shown by its key.
            place = node.place if isinstance(node, Scalar) else key
    return _Spot(steps, place, node, models_at(part.models, location))


def _child(node: Node, step: Step) -> tuple[SourcePosition, Node] | None:
    if isinstance(node, Table) and isinstance(step, str) and step in node.entries:
        return node.entries[step]
    if isinstance(node, Row) and isinstance(step, int) and step < len(node.items):
        return node.items[step].place, node.items[step]
    return None


def _is_beside_the_point(
    error: ErrorDetails, spot: _Spot, found: list[tuple[ErrorDetails, _Spot]]
) -> bool:
    """Whether an error only says that a value is not of another form of a union."""
    others = [other for one, other in found if one is not error]
    if error["type"] in _NOT_A_TABLE:
        return any(other.steps == spot.steps for other in others)
    is_choice = error["type"] == "literal_error" and not isinstance(spot.node, Scalar)
    return is_choice and any(
        other.steps[: len(spot.steps)] == spot.steps for other in others
    )
