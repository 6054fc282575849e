"""Plain scalars of YAML 1.2: what a word without quotes means."""

import re
from collections.abc import Callable
from functools import partial
from typing import Final

_FLOAT: Final = (
    r"[-+]?(?:\.[0-9]{1,40}|[0-9]{1,40}(?:\.[0-9]{0,40})?)(?:[eE][-+]?[0-9]{1,4})?"
)
_NUMBERS: Final[tuple[tuple[re.Pattern[str], Callable[[str], int | float]], ...]] = (
    (re.compile(r"[-+]?[0-9]{1,40}"), int),
    (re.compile(_FLOAT), float),
    (re.compile(r"0o[0-7]{1,40}|0x[0-9a-fA-F]{1,40}"), partial(int, base=0)),
    (re.compile(r"[-+]?\.(?:inf|Inf|INF)"), lambda word: float(word.replace(".", ""))),
)
_WORDS: Final = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}


def meaning(word: str) -> str | int | float | bool | None:
    """Return what a plain scalar means by the core schema of YAML 1.2.

    Unlike YAML 1.1, ``21:00`` is a text (not 1260), and so are ``yes`` and ``on``.
    Dates are texts. Numbers of more than 40 digits are texts too.

    >>> meaning("21:00"), meaning("0o17"), meaning("1e3"), meaning("null")
    ('21:00', 15, 1000.0, None)

    Source:
        https://yaml.org/spec/1.2.2/#103-core-schema
    """
    if word in _WORDS:
        return _WORDS[word]
    for pattern, number in _NUMBERS:
        if pattern.fullmatch(word):
            return number(word)
    return word
