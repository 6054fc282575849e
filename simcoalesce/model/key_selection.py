"""Key selection: which of the keys something concerns, e.g. a purge."""

import re
from collections.abc import Sequence
from typing import Annotated, Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pydantic import BeforeValidator, WithJsonSchema

from simcoalesce.randomness import Stream
from simcoalesce.suggestion import listed
from simcoalesce.units import parse_ratio

ALL: Final = "all"
NONE: Final = "none"
_TOP: Final = re.compile(r"top +([1-9]\d{0,8})")
_EXAMPLES: Final = [ALL, NONE, "top 100", "10%", "key-7", "product/*"]


def _checked(value: Any) -> Any:
    """Let pass what may select keys."""
    if isinstance(value, (list, tuple)):
        if value and all(isinstance(name, str) and name for name in value):
            return tuple(value)
        raise ValueError("write a list of names, e.g. [key-7, product/*]")
    if not isinstance(value, str) or not value.strip():
        raise ValueError(
            "write all, none, top 100, 10%, the name of a key, its beginning and *"
            " (product/*), or a list of names"
        )
    text = value.strip()
    if text.endswith("%"):
        parse_ratio(text)
    if text.startswith("top ") and not _TOP.fullmatch(text):
        raise ValueError(f'"{text}" is not a number of keys; write e.g. top 100')
    return text


KeySelection: TypeAlias = Annotated[
    str | tuple[str, ...],
    BeforeValidator(_checked),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "examples": _EXAMPLES},
                {"type": "array", "items": {"type": "string"}, "minItems": 1},
            ]
        }
    ),
]
"""all, none, the first of the traffic's keys (top 100), a share by chance (10%), names,
or beginnings of names (product/*)."""


def selected(
    selection: str | tuple[str, ...], keys: Sequence[str], share_of: Stream
) -> NDArray[np.bool_]:
    """Return whether each key is selected, shape (keys,).

    Args:
        selection: Which keys.
        keys: The names of the traffic's keys, by number.
        share_of: Draws who belongs to a share, one number for each key.

    Raises:
        ValueError: If a name is none of a key.

    >>> selected("top 2", ["a", "b", "c"], Stream(1, "purge")).tolist()
    [True, True, False]
    >>> selected(("p/*", "c"), ["p/1", "b", "c"], Stream(1, "purge")).tolist()
    [True, False, True]
    """
    everyone = np.arange(len(keys))
    if isinstance(selection, str):
        if selection in {ALL, NONE} and selection not in keys:
            return np.full(len(keys), selection == ALL)
        if top := _TOP.fullmatch(selection):
            return everyone < int(top[1])
        if selection.endswith("%"):
            return share_of.uniforms(everyone) < parse_ratio(selection)
        selection = (selection,)
    found = np.zeros(len(keys), dtype=np.bool_)
    for name in selection:
        found |= _named(name, keys)
    return found


def selection_text(selection: str | tuple[str, ...]) -> str:
    """Return which keys a selection means, in words.

    >>> selection_text("all"), selection_text("top 100"), selection_text(("a", "b"))
    ('all keys', 'the first 100 keys', 'a, b')
    """
    if not isinstance(selection, str):
        return listed(selection, most=3)
    if top := _TOP.fullmatch(selection):
        return "the first key" if top[1] == "1" else f"the first {top[1]} keys"
    if selection.endswith("%"):
        return f"{selection} of the keys"
    return {ALL: "all keys", NONE: "no key"}.get(selection, selection)


def _named(name: str, keys: Sequence[str]) -> NDArray[np.bool_]:
    is_beginning = name.endswith("*")
    begins = name.removesuffix("*")
    named = [key == name or (is_beginning and key.startswith(begins)) for key in keys]
    if not any(named):
        raise ValueError(
            f'no key is named "{name}"; the traffic has: {", ".join(keys[:10])}'
        )
    return np.array(named, dtype=np.bool_)
