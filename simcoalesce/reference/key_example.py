"""Key example: a value that a key takes, from its schema."""

import re
from collections.abc import Mapping
from typing import Any, Final

from simcoalesce.reference.value_form import Schema, alternatives, referred

_DEEPEST: Final = 6
_NAME: Final = "name"
_SAID: Final = re.compile(r"e\.g\. ([\w:/.+-]*\w)")
"""An example among the words of a text's description."""


def example_value(
    schema: Schema, definitions: Mapping[str, Schema], deep: int = 0
) -> Any:
    """Return a value that a schema allows, if it can be another than the default.

    Args:
        schema: What the schema of scenarios says of the value.
        definitions: What it refers to.
        deep: How far below the key the value stands.
    """
    if examples := schema.get("examples"):
        return examples[0]
    default = _said(schema) or schema.get("default")
    several = list(alternatives(schema))
    first = several[0]
    if "enum" in first:
        return next((one for one in first["enum"] if one != default), default)
    if first.get("type") == "boolean":
        return not default
    texts = [part["examples"][0] for part in several if "examples" in part]
    is_text = len(several) > 1 and "const" not in first and bool(texts)
    return texts[0] if is_text else default or _made(first, definitions, deep)


def _said(schema: Schema) -> str:
    """Return the example among the words of a text's description."""
    is_text = schema.get("type") == "string"
    found = _SAID.search(schema.get("description", "")) if is_text else None
    return found[1] if found else ""


def _made(schema: Schema, definitions: Mapping[str, Schema], deep: int) -> Any:
    """Return a value for a schema that offers none."""
    if definition := referred(schema):
        return example_table(definitions[definition], definitions, deep=deep + 1)
    if "const" in schema:
        return schema["const"]
    match schema.get("type"):
        case "array" if deep < _DEEPEST:
            items = schema.get("items", {})
            several = items if isinstance(items, list) else [items]
            return [example_value(one, definitions, deep + 1) for one in several]
        case "object":
            return _table(schema, definitions, deep)
        case "integer" | "number":
            return _number(schema)
    return _NAME


def _table(schema: Schema, definitions: Mapping[str, Schema], deep: int) -> Any:
    values = schema.get("additionalProperties")
    if not isinstance(values, dict):
        return example_table(schema, definitions, deep=deep + 1)
    return {_NAME: example_value(values, definitions, deep + 1)}


def _number(schema: Schema) -> float:
    least = schema.get("minimum", schema.get("exclusiveMinimum", 0))
    most = schema.get("maximum", schema.get("exclusiveMaximum", least + 2))
    middle = (least + most) / 2
    return int(middle) if schema.get("type") == "integer" else middle


def example_table(
    definition: Schema,
    definitions: Mapping[str, Schema],
    *keys: str,
    deep: int = 0,
) -> Any:
    """Return a table with its required keys and the given ones."""
    if "properties" not in definition:
        return example_value(definition, definitions, deep)
    properties = definition["properties"]
    wanted = dict.fromkeys([*definition.get("required", ()), *keys])
    return {
        key: example_value(properties[key], definitions, deep)
        for key in properties
        if key in wanted
    }
