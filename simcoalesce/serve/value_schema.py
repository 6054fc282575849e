"""What the schema says of one value: its unit, its words, and what it is."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from pydantic import TypeAdapter

from simcoalesce.model.layer import Layer
from simcoalesce.scenario.scenario_spec import ScenarioSpec
from simcoalesce.scenario.schema import schema
from simcoalesce.scenario.shipped import shipped
from simcoalesce.serve.stops import READS
from simcoalesce.units import Duration, Rate, Ratio, Size
from simcoalesce.yaml.schema_index import reachable

Node = Mapping[str, Any]

_UNITS: Final = {"duration": Duration, "rate": Rate, "ratio": Ratio, "size": Size}
WORDS: Final = ("unlimited", "none")
"""What may stand where a number is meant."""
_OURS: Final = "simcoalesce."
_CONTAINERS: Final = ("anyOf", "oneOf", "allOf")


@dataclass(frozen=True)
class ValueSchema:
    """What the schema allows a value to be.

    Attributes:
        unit: A key of READS; empty if it is no number.
        words: The texts that it may be, besides.
        is_flag: Whether it is true or false.
        about: What the schema says of it.
    """

    unit: str = ""
    words: tuple[str, ...] = ()
    is_flag: bool = False
    about: str = ""


def value_schema(node: Node, value: Any) -> ValueSchema:
    """Return what a part of the schema says of a value that is there.

    Args:
        node: What the schema says of the value's key.
        value: A text, a number or a truth value.
    """
    every = [*_alternatives(node)]
    about = str(node.get("description", ""))
    if isinstance(value, bool):
        return ValueSchema(is_flag=True, about=about)
    words = tuple(dict.fromkeys(word for one in every for word in _words(one)))
    units = [unit for one in every if (unit := _unit_of(one))]
    is_word = value in WORDS and value in words
    fitting = (unit for unit in units if is_word or _reads(unit, value))
    return ValueSchema(next(fitting, ""), words, about=about)


def _reads(unit: str, value: Any) -> bool:
    try:
        READS[unit](str(value))
    except ValueError:
        return False
    return True


def _words(node: Node) -> Iterator[str]:
    if "const" in node and isinstance(node["const"], str):
        yield node["const"]
    yield from (one for one in node.get("enum", ()) if isinstance(one, str))


def _unit_of(node: Node) -> str:
    """Return the unit of a simple schema; empty if it is no number."""
    if pattern := node.get("pattern"):
        return _by_pattern().get(pattern, "")
    return {"integer": "count", "number": "number"}.get(str(node.get("type")), "")


@cache
def _by_pattern() -> dict[str, str]:
    """Return the unit by the pattern that its texts fit."""
    return {
        one["pattern"]: unit
        for unit, of in _UNITS.items()
        for one in _alternatives(TypeAdapter(of).json_schema())
        if "pattern" in one
    }


@cache
def whole_schema() -> Node:
    """Return the schema of scenarios; as it is shipped, unless others add to it."""
    every = reachable((ScenarioSpec, *Layer.members().values()))
    written = shipped("flash-sale-9pm").with_name("schema.json")
    if all(one.__module__.startswith(_OURS) for one in every) and written.is_file():
        # To make it takes two seconds: it reads the source of every docstring.
        found: Node = json.loads(written.read_text(encoding="utf-8"))
        return found
    return schema()


def _alternatives(node: Node) -> Iterator[Node]:
    """Yield the schemas that one is made of, without those that only join others."""
    if "$ref" in node:
        name = str(node["$ref"]).rpartition("/")[2]
        yield from _alternatives(whole_schema()["definitions"][name])
        return
    joined = [part for key in _CONTAINERS for part in node.get(key, ())]
    if not joined:
        yield node
    for part in joined:
        yield from _alternatives(part)


def part_of(node: Node, key: str | int, value: Any) -> Node:
    """Return what the schema says of a part of a value; empty if it says nothing.

    Args:
        node: What it says of the value.
        key: Of the part: a name, or an index of a list.
        value: The value; its kind chooses between the members of a family.
    """
    for one in _alternatives(node):
        if isinstance(key, int):
            if "items" in one:
                return one["items"]  # type: ignore[no-any-return]
            continue
        properties = one.get("properties", {})
        kind = properties.get("kind", {}).get("const")
        if kind is not None and isinstance(value, dict) and value.get("kind") != kind:
            continue
        if key in properties:
            return properties[key]  # type: ignore[no-any-return]
        if isinstance(more := one.get("additionalProperties"), dict):
            return more
    return {}


def schema_of_layer(kind: str) -> Node:
    """Return what the schema says of the parameters of a layer."""
    found: Node = whole_schema()["definitions"].get(f"layer-{kind}", {})
    return found
