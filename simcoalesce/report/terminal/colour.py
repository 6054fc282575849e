"""Colour: a text for a terminal, painted as a whole or by patterns."""

import re
from collections.abc import Mapping
from typing import Final

_CODES: Final = {"bold": "1", "red": "31", "green": "32", "yellow": "33"}
"""Select Graphic Rendition (ECMA-48)."""


def coloured(text: str, styles: Mapping[str, str]) -> str:
    """Return a text with the escape codes of a terminal.

    Args:
        text: Lines.
        styles: Regular expressions, and the style of what matches each, e.g. bold red.
    """
    for pattern, style in styles.items():
        text = re.sub(pattern, painted(r"\g<0>", style), text)
    return text


def painted(text: str, style: str) -> str:
    """Return a text in a style, between escape codes."""
    codes = ";".join(_CODES[word] for word in style.split())
    return f"\x1b[{codes}m{text}\x1b[0m"
