"""Sections: parameters that the layers of a path share, e.g. ``kv:``."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from simcoalesce.model.layer import Layer
from simcoalesce.yaml.error_messages import unknown_key
from simcoalesce.yaml.node import MappingNode, ScalarNode, SourcePosition, plain
from simcoalesce.yaml.pydantic_errors import NodeLocation, validate_model
from simcoalesce.yaml.schema_index import fields_of, keys_of
from simcoalesce.yaml.validation_error import ValidationError

_KIND: Final = "kind"


def layer_sections() -> Mapping[str, tuple[type[Layer], ...]]:
    """Return the layers that share each section, by its name."""
    found: dict[str, tuple[type[Layer], ...]] = {}
    for kind, layer in Layer.members().items():
        name = layer.section or kind
        found[name] = (*found.get(name, ()), layer)
    return found


@cache
def parameters(layer: type[Layer]) -> tuple[str, ...]:
    """Return the keys that a layer takes, in a section or in a path."""
    return tuple(key for key in fields_of(layer) if key != _KIND)


def layer_section_of(kind: str) -> str:
    """Return the name of the section that a layer shares."""
    return Layer.members()[kind].section or kind


@dataclass(frozen=True)
class LayerSection:
    """What one section says."""

    name: str
    key: SourcePosition
    table: MappingNode
    layers: tuple[type[Layer], ...]

    def parameters_of(self, layer: type[Layer]) -> MappingNode:
        """Return what it says to one of its layers."""
        return self.table.only(parameters(layer))

    def errors(self, folder: Path) -> Iterator[ValidationError]:
        """Yield what is wrong with it by itself, whatever the path."""
        known = [key for key in keys_of(self.layers) if key != _KIND]
        for key, entry in self.table.entries.items():
            if key not in known:
                where = f"{self.name}.{key}"
                yield ValidationError(entry.key, where, unknown_key(key, known))
        for layer in self.layers:
            own = self.parameters_of(layer)
            at = NodeLocation(own, self.key, (self.name,), (layer,))
            for one, error in validate_model(layer, plain(own), at, folder)[1]:
                # What is missing here, or does not fit together, may stand in the path.
                if one["loc"] and (one["type"] != "missing" or len(one["loc"]) > 1):
                    yield error


def sections_in(
    root: MappingNode,
) -> tuple[dict[str, LayerSection], list[ValidationError]]:
    """Return the sections of a scenario by their names, and those that are no table."""
    found: dict[str, LayerSection] = {}
    errors: list[ValidationError] = []
    for name, layers in layer_sections().items():
        entry = root.entries.get(name)
        if entry is None:
            continue
        if isinstance(entry.value, MappingNode):
            found[name] = LayerSection(name, entry.key, entry.value, layers)
        elif not isinstance(entry.value, ScalarNode) or entry.value.value is not None:
            message = "a section is a table; write {parameter: value, ...}"
            errors.append(ValidationError(entry.key, name, message))
    return found, errors
