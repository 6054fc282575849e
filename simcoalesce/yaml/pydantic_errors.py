"""What pydantic finds wrong with a model, at the position of each value."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, TypeVar

import pydantic
from pydantic_core import ErrorDetails

from simcoalesce.yaml.error_messages import message_of
from simcoalesce.yaml.node import (
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    SourcePosition,
    Step,
    written,
)
from simcoalesce.yaml.schema_index import Model, models_at
from simcoalesce.yaml.validation_error import InvalidScenario, ValidationError

M = TypeVar("M", bound=pydantic.BaseModel)

_MOST: Final = 200
"""More errors than these in one part help nobody, and take time to explain."""

_NOT_A_TABLE: Final = frozenset(("model_type", "dict_type"))


@dataclass(frozen=True, slots=True)
class NodeLocation:
    """Where errors are looked for, or one was found.

    Attributes:
        node: What stands there; None if nothing does.
        position: Where that is, if not where its node begins: its key.
        steps: Its path from the root.
        models: The models that it may be.
    """

    node: Node | None
    position: SourcePosition
    steps: tuple[Step, ...]
    models: tuple[Model, ...]


def validate_model(
    model: type[M], values: Any, at: NodeLocation, folder: Path = Path()
) -> tuple[M | None, list[tuple[ErrorDetails, ValidationError]]]:
    """Return a model of some values, or everything that is wrong with them.

    Args:
        model: What they should be.
        values: What a node says.
        at: The node.
        folder: Where the files that it names are looked for.

    Returns:
        The model, or None; each error as pydantic has it, and as users read it.
    """
    try:
        return model.model_validate(values, context={"folder": folder}), []
    except pydantic.ValidationError as error:
        every = error.errors(include_url=False)[:_MOST]
    found = [(one, _located(one, at)) for one in every]
    return None, [
        (one, reported)
        for one, where in found
        if not _is_irrelevant(one, where, found)
        for reported in _reported(one, where)
    ]


def _reported(error: ErrorDetails, at: NodeLocation) -> tuple[ValidationError, ...]:
    reason = error.get("ctx", {}).get("error")
    if isinstance(reason, InvalidScenario):
        # Another file is wrong, which has positions of its own.
        return reason.errors
    message = message_of(error, at.models)
    return (ValidationError(at.position, written(at.steps), message),)


def _located(error: ErrorDetails, at: NodeLocation) -> NodeLocation:
    loc = error["loc"]
    if error["type"] == "missing":
        return _at_change(walk(at, loc[:-1]))
    if error["type"] == "extra_forbidden":
        return _at_key(walk(at, loc[:-1]), str(loc[-1]))
    kind = ("kind",) if error["type"] == "union_tag_invalid" else ()
    return walk(at, (*loc, *kind))


def _at_change(at: NodeLocation) -> NodeLocation:
    """Return the location at the later change, if any, that made it lack a key."""
    if not isinstance(at.node, MappingNode):
        return at
    values = (entry.value.position for entry in at.node.entries.values())
    latest = max((at.position, *values), key=lambda position: position.source.rank)
    return replace(at, position=latest)


def _at_key(at: NodeLocation, key: str) -> NodeLocation:
    entry = at.node.entries.get(key) if isinstance(at.node, MappingNode) else None
    position = entry.key if entry else at.position
    return NodeLocation(None, position, (*at.steps, key), at.models)


def walk(at: NodeLocation, loc: tuple[Step, ...]) -> NodeLocation:
    """Follow the ``loc`` of a value as far as it is a path in the document.

    What pydantic adds to it (tags of unions, names of fields within a value that is
    written shorter) is no step in the document.
    """
    steps, position, node = at.steps, at.position, at.node
    tag: Step | None = _kind_in(node)
    for step in loc:
        if step == tag:
            tag = None  # From here on it is a key that is called like the kind.
            continue
        child = _child(node, step)
        if child is not None:
            key, node = child
            tag = _kind_in(node)
            steps = (*steps, step)
            # A list or a table is best shown by its key.
            position = node.position if isinstance(node, ScalarNode) else key
    return NodeLocation(node, position, steps, models_at(at.models, loc))


def _kind_in(node: Node | None) -> Step | None:
    """Return what a table says that it is: the tag by which pydantic names it."""
    match _child(node, "kind"):
        case (_, ScalarNode(value=str(kind))):
            return kind
    return None


def _child(node: Node | None, step: Step) -> tuple[SourcePosition, Node] | None:
    match node, step:
        case MappingNode(entries=entries), str() if step in entries:
            return entries[step]
        case SequenceNode(items=items), int() if step < len(items):
            return items[step].position, items[step]
    return None


def _is_irrelevant(
    error: ErrorDetails,
    at: NodeLocation,
    found: list[tuple[ErrorDetails, NodeLocation]],
) -> bool:
    """Whether an error only says that a value is not of another form of a union."""
    others = [other.steps for one, other in found if one is not error]
    if error["type"] in _NOT_A_TABLE:
        return at.steps in others
    if isinstance(at.node, ScalarNode):
        return False
    size = len(at.steps)
    within = [steps for steps in others if steps[:size] == at.steps]
    if error["type"] == "value_error":
        # The form is right whose parts are told: the whole is no other one.
        return any(len(steps) > size for steps in within)
    return error["type"] == "literal_error" and bool(within)
