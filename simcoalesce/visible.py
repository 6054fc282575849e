"""Visible text: characters that would command a terminal or a reader are written out.

Source:
    unicode.org/reports/tr36 and CVE-2021-42574 for those that turn the direction of a
    text; www.w3.org/TR/xml, 2.2, for those that no XML may hold; read 2026-11-30.
"""

import re
from typing import Final, TypeVar

LINE_END: Final = "\n"
_OF_DIRECTION: Final = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_NOT_IN_XML: Final = "\ud800-\udfff\ufffe\uffff"
HIDDEN: Final = re.compile(
    f"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff{_OF_DIRECTION}{_NOT_IN_XML}]"
)
"""Characters that are not seen, but do something; those of the end of a line too."""
_COLOUR: Final = re.compile(r"(\x1b\[[0-9;]*m)")
T = TypeVar("T", bound=str)


def visible(text: T, keep: str = "") -> T | str:
    r"""Return a text of one line with its control characters written out.

    Args:
        text: It; it is returned itself if it has none.
        keep: Which of them stay, e.g. the ends of lines of a text of several.

    >>> visible("a\x1b[31mb\n")
    'a\\x1b[31mb\\n'
    """
    if text.isprintable() or not HIDDEN.search(text):
        return text
    return HIDDEN.sub(lambda found: _written(found[0], keep), text)


def _written(character: str, keep: str) -> str:
    if character in keep:
        return character
    return character.encode("unicode_escape").decode("ascii")


def visible_line(line: str) -> str:
    r"""Return a line of a terminal with all control characters but colours written out.

    >>> visible_line("\x1b[31mred\x1b[0m \r")
    '\x1b[31mred\x1b[0m \\r'
    """
    if line.isprintable():
        return line
    parts = _COLOUR.split(line)
    parts[::2] = map(visible, parts[::2])
    return "".join(parts)
