"""Plain values: results as JSON holds them."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from fractions import Fraction
from math import isfinite
from typing import Any

from simcoalesce.outcomes import NEVER
from simcoalesce.units import NS_PER_S


def plain(value: Any) -> Any:
    """Return a value as JSON holds it.

    A dataclass or a named tuple is an object of its fields, but for those that its
    `repr` leaves out. In a dataclass nanoseconds become seconds, and NEVER null. What
    is not finite is null too: JSON has no such number.

    >>> plain((Fraction(1, 2), NEVER))
    [0.5, -1]
    """
    if hasattr(value, "document"):
        return value.document()
    if is_dataclass(value):
        return plain_fields(value)
    if hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, Mapping):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(one) for one in value]
    named = value.name.lower() if isinstance(value, Enum) else value
    if isinstance(named, float) and not isfinite(named):
        return None
    return float(named) if isinstance(named, Fraction) else named


def plain_fields(value: Any) -> dict[str, Any]:
    """Return the fields of a dataclass as plain values."""
    shown = (one.name for one in fields(value) if one.repr)
    return dict(_field(name, getattr(value, name)) for name in shown)


def _field(name: str, value: Any) -> tuple[str, Any]:
    if not name.endswith("_ns"):
        return name, plain(value)
    in_seconds = None if value == NEVER else value / NS_PER_S
    return f"{name.removesuffix('_ns')}_s", in_seconds
