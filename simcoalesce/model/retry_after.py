"""Retry-After: what a refusal says of when to come back."""

from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from simcoalesce.units import NS_PER_S, format_duration, parse_duration


def _parsed(value: Any) -> int | None:
    if value is None or value == "none":
        return None
    return -1 if value == "exact" else parse_duration(value)


def _text(value: int | None) -> str:
    if value is None:
        return "none"
    return "exact" if value < 0 else format_duration(value)


RetryAfter = Annotated[
    int | None,
    BeforeValidator(_parsed),
    PlainSerializer(_text, return_type=str),
    WithJsonSchema({"type": "string", "examples": ["none", "exact", "2s"]}),
]
"""In nanoseconds: a duration; -1 for the exact time; None if nothing is said."""


def said_ns(rule_ns: int | None, wait_ns: int) -> int:
    """Return what a refusal says of when to come back; 0 if nothing.

    Args:
        rule_ns: A `RetryAfter`.
        wait_ns: The exact time, which is said in whole seconds.

    >>> said_ns(None, 1), said_ns(-1, 1), said_ns(2_000_000_000, 1)
    (0, 1000000000, 2000000000)
    """
    if rule_ns is None:
        return 0
    return -(-wait_ns // NS_PER_S) * NS_PER_S if rule_ns < 0 else rule_ns
