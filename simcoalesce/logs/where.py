"""Where: which lines of a log count, by what their fields say."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

_COMPARED: Final = re.compile(r"(<=|>=|<|>|!=|!|=)\s*(.+)", re.DOTALL)
_CLASS: Final = re.compile(r"[1-9]xx")
_COMPARE: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "<": lambda value, bound: value < bound,
    "<=": lambda value, bound: value <= bound,
    ">": lambda value, bound: value > bound,
    ">=": lambda value, bound: value >= bound,
}


@dataclass(frozen=True)
class FieldCondition:
    """What a field must say.

    Attributes:
        field: A standard field, or a group, path or column of the file.
        values: What it may be: texts, globs, ``2xx``, ``<400``; or, with ``!`` in
            front, what it may not be.
    """

    field: str
    values: tuple[str, ...]

    def holds(self, written: Any) -> bool:
        """Return whether what a line says is one of the values."""
        text = "" if written is None else str(written)
        unwanted = [one for one in map(_unwanted, self.values) if one is not None]
        if any(_is(text, one) for one in unwanted):
            return False
        wanted = [one for one in self.values if _unwanted(one) is None]
        return not wanted or any(_is(text, one) for one in wanted)


def _unwanted(value: str) -> str | None:
    found = _COMPARED.fullmatch(value)
    return found[2] if found and found[1] in {"!", "!="} else None


def _is(text: str, value: str) -> bool:
    found = _COMPARED.fullmatch(value)
    if found and found[1] in _COMPARE:
        try:
            return _COMPARE[found[1]](float(text), float(found[2]))
        except ValueError:
            return False
    value = found[2] if found else value
    if _CLASS.fullmatch(value):
        return len(text) == 3 and text[0] == value[0]
    return text == value or fnmatchcase(text.lower(), value.lower())


def _conditions(written: Any) -> tuple[FieldCondition, ...]:
    if isinstance(written, tuple) and all(
        isinstance(c, FieldCondition) for c in written
    ):
        return written
    if not isinstance(written, dict):
        raise ValueError(  # noqa: TRY004 - pydantic collects ValueErrors
            f"{written!r} says no field; write e.g. {{method: GET, status: [2xx, 304]}}"
        )
    return tuple(_condition(str(name), values) for name, values in written.items())


def _condition(name: str, values: Any) -> FieldCondition:
    several = values if isinstance(values, (list, tuple)) else [values]
    if not several or not all(isinstance(one, (str, int, float)) for one in several):
        raise ValueError(f"{name}: write a value or a list, e.g. [200, 2xx, <400]")
    texts = tuple(str(one).strip() for one in several)
    for text in texts:
        found = _COMPARED.fullmatch(text)
        if found and found[1] in _COMPARE and not _is_number(found[2]):
            raise ValueError(f'{name}: "{text}" compares with no number')
    return FieldCondition(name, texts)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _written(conditions: tuple[FieldCondition, ...]) -> dict[str, Any]:
    return {
        one.field: one.values[0] if len(one.values) == 1 else list(one.values)
        for one in conditions
    }


_VALUE: Final = {"type": ["string", "number", "boolean"]}
Where = Annotated[
    tuple[FieldCondition, ...],
    BeforeValidator(_conditions),
    PlainSerializer(_written),
    WithJsonSchema(
        {
            "type": "object",
            "additionalProperties": {
                "anyOf": [_VALUE, {"type": "array", "items": _VALUE, "minItems": 1}]
            },
            "examples": [{"method": "GET", "status": [200, "3xx", "<400"]}],
        }
    ),
]
"""What fields must say; all of them must."""
