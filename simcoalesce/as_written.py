"""As written: a value that is wrong, as a file says it, for the message about it."""

import json
from typing import Final

_MOST: Final = 60
"""Characters of a value that a message repeats."""


def as_written(value: object) -> str:
    """Return a value as a scenario writes it, within quotes, not too long.

    >>> as_written("8 miles"), as_written(None), as_written({"kind": "fixed"})
    ('"8 miles"', '"null"', 'a table')
    """
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, (list, tuple)):
        return "a list"
    is_word = value is None or isinstance(value, bool)
    text = json.dumps(value) if is_word else str(value)
    return f'"{text[:_MOST]}..."' if len(text) > _MOST else f'"{text}"'


def wrong(value: object, why: str) -> ValueError:
    """Return an error that says what a value is not, and what to write instead."""
    return ValueError(f"{as_written(value)} {why}")
