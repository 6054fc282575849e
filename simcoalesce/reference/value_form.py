"""Value form: what may be written for a key, with its unit and bounds, in words."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from pydantic import TypeAdapter

from simcoalesce import units

Schema = Mapping[str, Any]

_REFERENCE: Final = "#/definitions/"
_CONSTANT: Final = "Constant"
_OF_ALTERNATIVES: Final = ("oneOf", "anyOf", "allOf")
_LONGEST: Final = 9
"""Longer choices are cut where they stand in a table."""


@cache
def _units() -> Mapping[str, str]:
    """Return the words of values with units, by the pattern of their texts."""
    of: Mapping[str, Any] = {
        "duration": units.Duration,
        "rate": units.Rate,
        "count": units.Count,
        "share": units.Ratio,
        "size": units.Size,
    }
    found: dict[str, str] = {}
    for word, written in of.items():
        schema = TypeAdapter(written).json_schema()
        texts = (schema, *schema.get("anyOf", ()))
        found |= {text["pattern"]: word for text in texts if "pattern" in text}
    return found


def referred(schema: Schema) -> str:
    """Return the definition that a schema refers to; empty if it is itself one."""
    return str(schema.get("$ref", "")).removeprefix(_REFERENCE)


def alternatives(schema: Schema) -> Iterator[Schema]:
    """Yield what a value may be; the schema alone if it leaves no choice."""
    parts = [part for name in _OF_ALTERNATIVES for part in schema.get(name, ())]
    if not parts:
        yield schema
    for part in parts:
        yield from alternatives(part)


def form_text(schema: Schema, names: Mapping[str, str]) -> str:
    """Return what a value may be, e.g. "duration, above 0, or `unlimited`".

    Args:
        schema: What the schema of scenarios says of it.
        names: What tables are called, by their definitions.
    """
    parts = list(alternatives(schema))
    if any(referred(part) == _CONSTANT for part in parts):
        parts = [part for part in parts if not _is_distribution(part)]
        rest = [_one(part, names) for part in parts]
        return " or ".join(["duration or `distribution`", *filter(None, rest)])
    words = list(dict.fromkeys(filter(None, (_one(part, names) for part in parts))))
    with_unit = [word for word in words if word.split(",")[0] in _units().values()]
    if with_unit:  # a count is an integer too
        words = [word for word in words if not word.startswith(("integer", "number"))]
    return " or ".join(words) or "any value"


DISTRIBUTIONS: Final = (
    *("Constant", "Lognormal", "MeanAndSpread", "Exponential", "Uniform", "Weibull"),
    *("Mixture", "Empirical", "ReplayedLatency"),
)
"""The definitions of what draws a duration."""


def _is_distribution(schema: Schema) -> bool:
    return referred(schema) in DISTRIBUTIONS


def _one(schema: Schema, names: Mapping[str, str]) -> str:
    """Return the words of one alternative."""
    if definition := referred(schema):
        return f"`{names[definition]}`" if definition in names else "table"
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        shown = [f"`{one}`" for one in schema["enum"][:_LONGEST]]
        more = ["..."] if len(schema["enum"]) > _LONGEST else []
        return ", ".join(shown + more)
    word = _units().get(schema.get("pattern", ""), "")
    if word:
        return word + (bounds_text(schema) or _usual_bounds(word))
    return _plain(schema, names)


def _plain(schema: Schema, names: Mapping[str, str]) -> str:
    """Return the words of a type without a unit."""
    match schema.get("type"):
        case "array":
            return _list(schema.get("items", {}), names)
        case "object":
            values = schema.get("additionalProperties") or {}
            return f"table of name: {form_text(values, names)}" if values else "table"
        case "boolean":
            return "`true`, `false`"
        case "string":
            return "instant" if schema.get("format") == "date-time" else "text"
        case list(kinds):
            return " or ".join(_plain({**schema, "type": one}, names) for one in kinds)
    kind = schema.get("type")
    return f"{kind}{bounds_text(schema)}" if kind else ""


def _list(items: Schema | list[Schema], names: Mapping[str, str]) -> str:
    if isinstance(items, list):
        return "list of " + ", ".join(form_text(one, names) for one in items)
    return f"list of {form_text(items, names)}"


def bounds_text(schema: Schema) -> str:
    """Return the bounds of a number; empty if it has none.

    >>> bounds_text({"minimum": 0, "exclusiveMaximum": 1})
    ', from 0, below 1'
    """
    words = {
        "minimum": "from",
        "exclusiveMinimum": "above",
        "maximum": "to",
        "exclusiveMaximum": "below",
    }
    said = [
        f"{word} {schema[key]:,.16g}" for key, word in words.items() if key in schema
    ]
    return "".join(f", {one}" for one in said)


def _usual_bounds(word: str) -> str:
    if word == "share":
        return ", from 0 to 1"
    return ", above 0" if word == "rate" else ", from 0"
