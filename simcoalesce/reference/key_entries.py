"""Key entries: every key that a scenario takes, by the table in which it stands."""

import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from simcoalesce.reference.key_example import example_table
from simcoalesce.reference.reference_entry import ReferenceEntry, paragraphs
from simcoalesce.reference.scenario_schema import parameters_of, scenario_schema
from simcoalesce.reference.value_form import (
    DISTRIBUTIONS,
    Schema,
    alternatives,
    form_text,
    referred,
)
from simcoalesce.scenario.layer_section import layer_sections
from simcoalesce.spec import written_name
from simcoalesce.yaml.writer import flow_text

TOP: Final = "scenario"
"""What the table at the top of a file is called."""

_ELSEWHERE: Final = {"path-entry": "layer", "variant": TOP}
"""Definitions that have pages of their own, or say again what others say."""
_CAPITAL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class KeyTable:
    """A table of a scenario, and what it takes.

    Attributes:
        name: Where it stands, e.g. ``traffic.arrivals.burst``; TOP for the whole file.
        text: What it is.
        keys: Its keys.
    """

    name: str
    text: str
    keys: tuple[ReferenceEntry, ...]


@dataclass(slots=True)
class _Walk:
    """The tables of the schema, the uppermost first, each where it is first met."""

    definitions: Mapping[str, Schema]
    names: dict[str, str] = field(default_factory=dict)
    waiting: deque[tuple[str, Schema]] = field(default_factory=deque)
    found: list[tuple[str, Schema]] = field(default_factory=list)

    def all(self, top: Schema) -> list[tuple[str, Schema]]:
        """Return every table with its name."""
        self.waiting.append(("", top))
        while self.waiting:
            name, table = self.waiting.popleft()
            self.found.append((name, table))
            for key, value in table["properties"].items():
                self._below(value, f"{name}.{key}" if name else key)
        return self.found

    def _below(self, value: Schema, name: str) -> None:
        """Take note of the tables that a value may be."""
        for part in alternatives(value):
            definition = referred(part)
            if definition in self.names:
                continue
            if definition:
                table = self.definitions[definition]
                own = self._name(definition, table, name)
                self.names[definition] = own
                self._take(table, own)
            elif isinstance(part.get("items"), Mapping):
                self._below(part["items"], name)
            else:
                self._take(part, name)

    def _take(self, table: Schema, name: str) -> None:
        if table.get("properties"):
            self.waiting.append((name, table))
        elif any(part is not table for part in alternatives(table)):
            self._below(table, name)

    @staticmethod
    def _name(definition: str, table: Schema, name: str) -> str:
        if definition in DISTRIBUTIONS:
            return f"distribution.{_CAPITAL.sub('_', definition).lower()}"
        kind = table.get("properties", {}).get("kind", {}).get("const")
        return f"{name}.{kind}" if kind else name


@cache
def key_tables() -> tuple[KeyTable, ...]:
    """Return every table of a scenario, the file itself first."""
    whole = scenario_schema()
    walk = _Walk(whole["definitions"], dict(_ELSEWHERE))
    made: dict[str, KeyTable] = {}
    for name, table in walk.all(whole):
        one = _table(name, _required_too(name, table), walk)
        before = made.get(one.name)
        keys = {key.name: key for key in (*(before.keys if before else ()), *one.keys)}
        text = before.text if before else one.text
        made[one.name] = KeyTable(one.name, text, tuple(keys.values()))
    return tuple(made.values())


def key_entries() -> Iterator[ReferenceEntry]:
    """Yield every key once, by its name from the top of a scenario."""
    for table in key_tables():
        yield from table.keys


def sections() -> frozenset[str]:
    """Return the keys of a scenario whose tables are parameters of layers."""
    return frozenset(layer_sections())


def _required_too(name: str, table: Schema) -> Schema:
    """Return a table with its required keys; a section's are those of its layer."""
    layers = layer_sections().get(name, ())
    if len(layers) != 1:
        return table
    fields = layers[0].model_fields.items()
    required = [written_name(key) for key, field in fields if field.is_required()]
    kind = layers[0].model_fields["kind"].default
    about = f"Parameters of the layer `{kind}`."
    return {**table, "required": required, "description": about}


def _table(name: str, table: Schema, walk: _Walk) -> KeyTable:
    keys = tuple(
        _entry(name, key, table, walk)
        for key, value in table["properties"].items()
        if ("const" not in value or key == "version")
        and not (name == "" and key in sections())
    )
    return KeyTable(name or TOP, paragraphs(table.get("description")), keys)


def _entry(table_name: str, key: str, table: Schema, walk: _Walk) -> ReferenceEntry:
    value = table["properties"][key]
    facts = {"takes": form_text(value, walk.names)}
    if key in table.get("required", ()):
        facts["default"] = "required"
    elif value.get("default", []) not in ([], "", {}):
        facts["default"] = f"`{flow_text(value['default'])}`"
    if layers := _layers_with(table_name, key):
        facts["layers"] = ", ".join(f"`{kind}`" for kind in layers)
    return ReferenceEntry(
        subject="key",
        name=f"{table_name}.{key}" if table_name else key,
        text=paragraphs(value.get("description")),
        facts=facts,
        example=_example(key, table, walk),
    )


def _example(key: str, table: Schema, walk: _Walk) -> str:
    is_member = "kind" in table["properties"]
    needed = table if is_member else {**table, "required": ()}
    written: Any = example_table(needed, walk.definitions, key)
    if list(written) == [key]:
        return f"{key}: {flow_text(written[key])}"
    return flow_text(written)


def _layers_with(section: str, key: str) -> tuple[str, ...]:
    """Return the layers that take a key of a section that several share."""
    layers = layer_sections().get(section, ())
    kinds = [str(layer.model_fields["kind"].default) for layer in layers]
    return tuple(kind for kind in kinds if kinds[1:] and key in parameters_of(kind))
