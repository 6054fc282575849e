"""JSON as its strictest reader takes it (RFC 8259), written and read in one way."""

import json
import re
from collections.abc import Mapping
from math import isfinite
from typing import Any, Final, NoReturn

_HALF_CHARACTERS: Final = re.compile("[\ud800-\udfff]")
"""Of names of files that are no text; UTF-8 has none."""


def json_text(value: Any, *, indent: int | None = None) -> str:
    """Return a value as JSON, without an end of line; what is not finite is null.

    >>> json_text({"low": 0.5, "high": float("inf")})
    '{"low": 0.5, "high": null}'
    """
    try:
        text = json.dumps(value, indent=indent, ensure_ascii=False, allow_nan=False)
    except ValueError:
        known = _finite(value)
        text = json.dumps(known, indent=indent, ensure_ascii=False, allow_nan=False)
    return text if text.isascii() else _HALF_CHARACTERS.sub("\ufffd", text)


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, Mapping):
        return {name: _finite(one) for name, one in value.items()}
    return [*map(_finite, value)] if isinstance(value, (list, tuple)) else value


def parsed_json(text: str | bytes) -> Any:
    """Return what JSON says.

    Raises:
        ValueError: If it is none, says NaN or Infinity, or is nested too deeply.
    """
    try:
        return json.loads(text, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number of JSON")
