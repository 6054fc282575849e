"""Draft-07: the JSON Schema that editors read, from what pydantic writes."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from typing import Any, Final

from pydantic import BaseModel, TypeAdapter

_MODULES: Final = re.compile(r"^simcoalesce__(?:\w+__)?(?=\w+__\w+$)")
_OLD: Final = "#/$defs/"
_NEW: Final = "#/definitions/"
_NULL: Final = {"type": "null"}


def definitions_of(
    models: Sequence[type[BaseModel]],
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return the schemas of models, and the other definitions that they refer to.

    The first of the models is of the whole, and the others may be parts of each other.
    Defaults and examples are texts with units, as a scenario writes them.
    """
    written = TypeAdapter(tuple[*models]).json_schema()  # type: ignore[valid-type]
    definitions = {
        _short(name): rewritten(schema) for name, schema in written["$defs"].items()
    }
    names = [_short(item["$ref"].removeprefix(_OLD)) for item in written["prefixItems"]]
    own = [deepcopy(definitions[name]) for name in names]
    # A layer may be a part of another one, as an origin is of several.
    parts = json.dumps([d for name, d in definitions.items() if name != names[0]])
    for name in names:
        if f'"{_NEW}{name}"' not in parts:
            del definitions[name]
    return own, definitions


def rewritten(schema: Any) -> Any:
    """Return a schema of draft 2020-12 as one of draft-07."""
    if isinstance(schema, list):
        return [rewritten(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    own = {key: rewritten(value) for key, value in schema.items()}
    for rewrite in _REWRITES:
        own = rewrite(own)
    return own


def _short(name: str) -> str:
    """Return the name of a definition without most of its module.

    >>> _short("simcoalesce__traffic__arrivals__replay__Replay"), _short("Burst")
    ('replay.Replay', 'Burst')
    """
    return _MODULES.sub("", name).replace("__", ".")


def _without_title(schema: dict[str, Any]) -> dict[str, Any]:
    # In a table of properties, "title" is a property.
    if isinstance(schema.get("title"), str):
        del schema["title"]
    return schema


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Drop null: what is optional is left out."""
    forms = schema.get("anyOf")
    if isinstance(forms, list) and _NULL in forms:
        kept = [form for form in forms if form != _NULL]
        del schema["anyOf"]
        schema = {**(kept[0] if len(kept) == 1 else {"anyOf": kept}), **schema}
    if schema.get("default", "") is None:
        del schema["default"]
    return schema


def _with_listed_items(schema: dict[str, Any]) -> dict[str, Any]:
    if isinstance(schema.get("prefixItems"), list):
        schema["items"] = schema.pop("prefixItems")
        schema["additionalItems"] = False
    return schema


def _with_reference_apart(schema: dict[str, Any]) -> dict[str, Any]:
    """Draft-07 ignores what stands beside a reference."""
    target = schema.get("$ref")
    if not isinstance(target, str):
        return schema
    others = {key: value for key, value in schema.items() if key != "$ref"}
    name = target.removeprefix(_OLD).removeprefix(_NEW)
    moved = {"$ref": _NEW + _short(name)}
    return {**others, "allOf": [moved]} if others else moved


_REWRITES: Final[tuple[Callable[[dict[str, Any]], dict[str, Any]], ...]] = (
    _without_title,
    _without_null,
    _with_listed_items,
    _with_reference_apart,
)


def reference(name: str) -> dict[str, str]:
    """Return a reference to a definition."""
    return {"$ref": _NEW + name}


def table(
    properties: Mapping[str, Any], description: str, **rules: Any
) -> dict[str, Any]:
    """Return the schema of a table that takes these keys only."""
    return {
        "type": "object",
        "description": description,
        "properties": dict(properties),
        "additionalProperties": False,
        **rules,
    }
