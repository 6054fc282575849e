"""Path entries: the layers of a path, with the parameters of their sections."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from simcoalesce.model.layer import Layer
from simcoalesce.scenario.layer_section import (
    LayerSection,
    layer_section_of,
    parameters,
)
from simcoalesce.suggestion import did_you_mean, listed
from simcoalesce.yaml.error_messages import unknown_key
from simcoalesce.yaml.node import (
    MappingEntry,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    SourcePosition,
    newest,
    plain,
)
from simcoalesce.yaml.pydantic_errors import NodeLocation, validate_model
from simcoalesce.yaml.validation_error import ValidationError

_MOST_LAYERS: Final = 100


@dataclass(frozen=True)
class PathEntry:
    """One layer of a path.

    Attributes:
        index: Which of the path.
        position: Where it stands.
        name: Its name, as written.
        parameters: As written, those of its section included.
        layer: The layer; None if something is wrong with it.
    """

    index: int
    position: SourcePosition
    name: str
    parameters: MappingNode
    layer: Layer | None = None

    @property
    def where(self) -> str:
        """Its path in the scenario, e.g. ``path[1]``."""
        return f"path[{self.index}]"


def path_entries(
    path: Node, sections: Mapping[str, LayerSection], folder: Path
) -> tuple[list[PathEntry], list[ValidationError]]:
    """Return the layers that a path says, and what is wrong with them.

    Args:
        path: The list of layer names and ``{name: {parameters}}``.
        sections: The sections of the scenario.
        folder: Where the files that they name are looked for.
    """
    if not isinstance(path, SequenceNode) or len(path.items) > _MOST_LAYERS:
        message = (
            f"write a list of at most {_MOST_LAYERS} layers, e.g. [kv.read, origin]"
        )
        return [], [ValidationError(path.position, "path", message)]
    entries: list[PathEntry] = []
    errors: list[ValidationError] = []
    for index, item in enumerate(path.items):
        entry = _entry(index, item)
        if isinstance(entry, ValidationError):
            errors.append(entry)
            continue
        entry = _with_section(entry, sections.get(layer_section_of(entry.name)))
        layer, found = _checked(entry, folder)
        entries.append(replace(entry, layer=layer))
        errors += found
    return entries, errors


def _entry(index: int, item: Node) -> PathEntry | ValidationError:
    """Return the entry that an item of the path is, its own parameters in it."""
    match item:
        case ScalarNode(value=str(name)):
            key, value = item.position, None
        case MappingNode(entries=entries) if len(entries) == 1:
            ((name, (key, value)),) = entries.items()
        case _:
            return _no_entry(index, item)
    if value is None or (isinstance(value, ScalarNode) and value.value is None):
        value = MappingNode({}, key)
    if not isinstance(value, MappingNode):
        return _no_entry(index, item)
    if name in (kinds := Layer.members()):
        return PathEntry(index, key, name, value)
    meant = did_you_mean(name, kinds) or "."
    message = f'there is no layer "{name}"{meant} There are: {listed(kinds)}'
    return ValidationError(key, f"path[{index}]", message)


def _no_entry(index: int, item: Node) -> ValidationError:
    message = "write a layer's name, or {name: {its parameters}}"
    return ValidationError(item.position, f"path[{index}]", message)


def _with_section(entry: PathEntry, section: LayerSection | None) -> PathEntry:
    """Return an entry with the parameters of its section.

    What stands in the path wins over the section, unless a later change (a variant, -s)
    has set the section.
    """
    layer = Layer.members()[entry.name]
    every = dict(section.parameters_of(layer).entries) if section else {}
    for key, own in entry.parameters.entries.items():
        shared = every.get(key)
        if shared is None or newest(shared.value) <= newest(own.value):
            every[key] = own
    return replace(entry, parameters=MappingNode(every, entry.position))


def _checked(
    entry: PathEntry, folder: Path
) -> tuple[Layer | None, list[ValidationError]]:
    layer = Layer.members()[entry.name]
    known = parameters(layer)
    own_path = f"{entry.where}.{entry.name}"
    errors = [
        ValidationError(own.key, f"{own_path}.{key}", unknown_key(key, known))
        for key, own in entry.parameters.entries.items()
        if key not in known
    ]
    values = plain(entry.parameters.only(known))
    steps = ("path", entry.index, entry.name)
    at = NodeLocation(entry.parameters, entry.position, steps, (layer,))
    checked, found = validate_model(layer, values, at, folder)
    for one, error in found:
        is_parameter = one["type"] == "missing" and error.where == own_path
        errors.append(_explained(error, entry) if is_parameter else error)
    return checked, errors


def _explained(error: ValidationError, entry: PathEntry) -> ValidationError:
    section = layer_section_of(entry.name)
    message = f"{error.message}, here or in a section {section}:"
    return replace(error, message=message)


def resolved(entries: Iterable[PathEntry], position: SourcePosition) -> SequenceNode:
    """Return a path in which every entry has all of its parameters."""
    items = (
        MappingNode({e.name: MappingEntry(e.position, e.parameters)}, e.position)
        for e in entries
    )
    return SequenceNode(tuple(items), position)
