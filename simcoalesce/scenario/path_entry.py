"""Path entries: the layers of a path, with the parameters of their sections."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pydantic

from simcoalesce.model.layer import Layer
from simcoalesce.scenario.error_messages import unknown_key
from simcoalesce.scenario.layer_section import (
    LayerSection,
    layer_section_of,
    layer_types,
    parameters,
)
from simcoalesce.scenario.pydantic_errors import ErrorSite, pydantic_errors
from simcoalesce.scenario.suggestion import did_you_mean, listed
from simcoalesce.scenario.validation_error import ValidationError
from simcoalesce.scenario.yaml_node import (
    Node,
    Row,
    Scalar,
    SourcePosition,
    Table,
    TableEntry,
    newest,
    plain,
)

_MOST_LAYERS: Final = 100


@dataclass(frozen=True)
class PathEntry:
    """One layer of a path.

    Attributes:
        place: Where it stands.
        where: The way to it, e.g. ``path[1]``.
        name: Its name, as written.
        said: Its parameters, those of its section included.
        layer: The layer; None if something is wrong with it.
    """

    place: SourcePosition
    where: str
    name: str
    said: Table
    layer: Layer | None = None


def path_entries(
    path: Node, sections: Mapping[str, LayerSection], folder: Path
) -> tuple[list[PathEntry], list[ValidationError]]:
    """Return the layers that a path says, and what is wrong with them.

    Args:
        path: The list of layer names and ``{name: {parameters}}``.
        sections: The sections of the scenario.
        folder: Where the files that they name are looked for.
    """
    if not isinstance(path, Row) or len(path.items) > _MOST_LAYERS:
        message = (
            f"write a list of at most {_MOST_LAYERS} layers, e.g. [kv.read, origin]"
        )
        return [], [ValidationError(path.place, "path", message)]
    entries: list[PathEntry] = []
    complaints: list[ValidationError] = []
    for index, item in enumerate(path.items):
        entry = _entry(item, f"path[{index}]")
        if isinstance(entry, ValidationError):
            complaints.append(entry)
            continue
        said = _with_section(entry, sections.get(layer_section_of(entry.name)))
        layer, found = _checked(entry, said, index, folder)
        entries.append(replace(entry, said=said, layer=layer))
        complaints += found
    return entries, complaints


def _entry(item: Node, where: str) -> PathEntry | ValidationError:
    """Return the entry that an item of the path is, its own parameters in it."""
    if isinstance(item, Scalar) and isinstance(item.value, str):
        return _known(PathEntry(item.place, where, item.value, Table({}, item.place)))
    if isinstance(item, Table) and len(item.entries) == 1:
        name, (key, value) = next(iter(item.entries.items()))
        if isinstance(value, Scalar) and value.value is None:
            value = Table({}, key)
        if isinstance(value, Table):
            return _known(PathEntry(key, where, name, value))
    message = "write a layer's name, or {name: {its parameters}}"
    return ValidationError(item.place, where, message)


def _known(entry: PathEntry) -> PathEntry | ValidationError:
    kinds = layer_types()
    if entry.name in kinds:
        return entry
    meant = did_you_mean(entry.name, kinds) or "."
    message = f'there is no layer "{entry.name}"{meant} There are: {listed(kinds)}'
    return ValidationError(entry.place, entry.where, message)


def _with_section(entry: PathEntry, section: LayerSection | None) -> Table:
    """Return the parameters of an entry, its section's included.

    What stands in the path wins over the section, unless a later change (a variant, -s)
    has set the section.
    """
    layer = layer_types()[entry.name]
    said = dict(section.parameters_of(layer).entries) if section else {}
    for key, own in entry.said.entries.items():
        shared = said.get(key)
        if shared is None or newest(shared.value) <= newest(own.value):
            said[key] = own
    return Table(said, entry.place)


def _checked(
    entry: PathEntry, said: Table, index: int, folder: Path
) -> tuple[Layer | None, list[ValidationError]]:
    layer = layer_types()[entry.name]
    known = parameters(layer)
    complaints = [
        ValidationError(
            own.key, f"{entry.where}.{entry.name}.{key}", unknown_key(key, known)
        )
        for key, own in said.entries.items()
        if key not in known
    ]
    values = plain(said.only(known))
    try:
        return layer.model_validate(values, context={"folder": folder}), complaints
    except pydantic.ValidationError as error:
        part = ErrorSite(said, entry.place, ("path", index, entry.name), (layer,))
        complaints += [
            _explained(one["type"], c, entry) for one, c in pydantic_errors(error, part)
        ]
        return None, complaints


def _explained(
    kind: str, complaint: ValidationError, entry: PathEntry
) -> ValidationError:
    is_parameter = complaint.where == f"{entry.where}.{entry.name}"
    if kind != "missing" or not is_parameter:
        return complaint
    section = layer_section_of(entry.name)
    message = f"{complaint.message}, here or in a section {section}:"
    return ValidationError(complaint.place, complaint.where, message)


def resolved(entries: Iterable[PathEntry], place: SourcePosition) -> Row:
    """Return a path in which every entry has all that is said of it."""
    return Row(
        tuple(
            Table({entry.name: TableEntry(entry.place, entry.said)}, entry.place)
            for entry in entries
        ),
        place,
    )
