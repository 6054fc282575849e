"""Values of a scenario, made from its schema: valid one by one, and small."""

import re
from functools import cache
from typing import Any, Final

from simcoalesce.scenario.schema import schema
from tests.fuzz.chance import Chance

_SAMPLES: Final = (
    *("5ms", "20ms", "1s", "0ms", "100ms", "1m", "10s"),
    *("1", "2", "3", "0", "10"),
    *("0%", "10%", "50%", "100%"),
    *("10/s", "100/s", "1/s"),
)
_DEEPEST: Final = 6
_EXTRA_SHARE: Final = 0.25
_KEYS: Final = ("home", "home", "home", "key-0")


@cache
def whole_schema() -> dict[str, Any]:
    """Return the schema of scenarios."""
    return schema()


def definition(name: str) -> dict[str, Any]:
    """Return the schema of a part."""
    found: dict[str, Any] = whole_schema()["definitions"][name]
    return found


def value_of(part: dict[str, Any], chance: Chance, depth: int = 0) -> Any:
    """Return a value that a part of the schema allows."""
    if "$ref" in part:
        return value_of(definition(part["$ref"].rpartition("/")[2]), chance, depth)
    for words in ("anyOf", "oneOf", "allOf"):
        if words in part:
            return value_of(chance.one_of(part[words]), chance, depth)
    if "const" in part:
        return part["const"]
    if "enum" in part:
        return chance.one_of(part["enum"])
    return _of_type(part, chance, depth)


def _of_type(part: dict[str, Any], chance: Chance, depth: int) -> Any:
    types = part.get("type", "string")
    kind = types if isinstance(types, str) else chance.one_of(types)
    if kind == "object":
        return _table(part, chance, depth)
    if kind == "array":
        count = max(part.get("minItems", 0), chance.below(3))
        most = part.get("maxItems", count)
        items = part.get("items", {})
        if isinstance(items, list):
            return [value_of(item, chance, depth + 1) for item in items]
        return [value_of(items, chance, depth + 1) for _ in range(min(count, most))]
    if kind == "boolean":
        return chance.happens(0.5)
    return _text(part, chance) if kind == "string" else _number(part, chance, kind)


def _number(part: dict[str, Any], chance: Chance, kind: str) -> Any:
    low = part.get("minimum", part.get("exclusiveMinimum", 0))
    value = low + chance.one_of((0, 1, 1, 2, 3))
    if kind == "number" and chance.happens(0.5):
        value = low + 0.5
    return min(value, part.get("maximum", value))


def _text(part: dict[str, Any], chance: Chance) -> str:
    if pattern := part.get("pattern"):
        fitting = [one for one in _SAMPLES if re.fullmatch(pattern, one)]
        if fitting:
            return chance.one_of(fitting)
    if part.get("format") == "date-time":
        return "2026-06-05T21:00:00+09:00"
    examples = [one for one in part.get("examples", ()) if isinstance(one, str)]
    return chance.one_of(examples or list(_KEYS))


def _table(part: dict[str, Any], chance: Chance, depth: int) -> dict[str, Any]:
    required = part.get("required", ())
    share = _EXTRA_SHARE if depth < _DEEPEST else 0
    table = {
        name: value_of(one, chance, depth + 1)
        for name, one in part.get("properties", {}).items()
        if name in required or chance.happens(share)
    }
    if isinstance(others := part.get("additionalProperties"), dict):
        names = part.get("propertyNames", {}).get("enum", _KEYS)
        table |= {chance.one_of(names): value_of(others, chance, depth + 1)}
    return table
