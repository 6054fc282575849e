"""Tokens of conditions: numbers with units, names, signs, and words."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from math import inf
from typing import Final, NamedTuple

from simcoalesce.conditions.expression import Reference
from simcoalesce.conditions.over_runs import SHARE, Summary
from simcoalesce.units import NS_PER_S, parse_count, parse_duration, parse_rate

_N: Final = r"(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,2})?"
_T: Final = r"(?:ns|us|µs|ms|min|s|m|h|d)"
TOKEN: Final = re.compile(
    rf"""\s*(?:
        (?P<rate>{_N}\s*(?:[kMG]\s*)?/\s*(?:{_N}\s*)?{_T}\b)
      | (?P<duration>(?:{_N}\s*{_T}\s*)+(?!\w))
      | (?P<share>{_N}\s*%)
      | (?P<money>\$\s*{_N}|{_N}\s*USD\b)
      | (?P<count>{_N}\s*[kMG]\b)
      | (?P<number>{_N})
      | (?P<operator>and\b|<=|>=|==|!=|[-+*/<>()])
      | (?P<verb>within\b|(?:worse|higher|lower)\b(?:\s+by\b)?)
      | (?P<summary>(?:share|q\d+(?:\.\d+)?)(?=\s*\())
      | (?P<reference>(?P<name>[A-Za-z_]\w*(?:\.\w+)*)
          (?P<selector>\s*\[[^\]]*\]?)?(?:@(?P<of>(?:[\w.-]*\w)?))?)
      | (?P<unknown>\w+|[^\w\s]+)
    )""",
    re.VERBOSE | re.ASCII,
)
MEASURES: Final = {
    "1": "a count; write e.g. 800 or 10k",
    "s": "a duration; write e.g. 80ms",
    "1/s": "a rate; write e.g. 100/s",
    "ratio": "a share; write e.g. 5% or 0.05",
    "USD": "an amount of money; write e.g. 40 USD",
}
"""What a number in each unit is, and how it is written."""
DEEPEST: Final = 50
"""So many brackets and signs may stand within each other."""
_LARGEST: Final = 1e30
"""The largest number that a text may state: products of some of them are finite."""
NOT_FINITE: Final = frozenset(("inf", "infinity", "nan", "never", "none"))
INSTEAD: Final = {"=": "==", "≤": "<=", "≥": ">=", "≠": "!=", "&": "and", "&&": "and"}


def _number(text: str) -> Decimal:
    return Decimal(re.sub(r"[$%_ USD]", "", text))


QUANTITIES: Final[Mapping[str, tuple[str | None, Callable[[str], float]]]] = {
    "rate": ("1/s", parse_rate),
    "duration": ("s", lambda text: parse_duration(text) / NS_PER_S),
    "share": ("ratio", lambda text: float(_number(text) / 100)),
    "money": ("USD", lambda text: float(_number(text))),
    "count": (None, parse_count),
    "number": (None, lambda text: float(_number(text))),
}
"""The unit of each kind of number, and how it is read; None for a bare number."""


class Token(NamedTuple):
    """Where a part of a text stands, and what it stands for."""

    at: int
    end: int
    operand: float | Reference | None = None
    unit: str | None = None
    summary: Summary | None = None


def too_deep(code: str, tokens: Mapping[int, Token]) -> Token | None:
    """Return the first token that is nested too deep, in brackets or behind signs.

    Args:
        code: What the parser reads, of one sign for each bracket or sign.
        tokens: Each token by where it begins in the code, in order.
    """
    brackets = signs = 0
    for start, token in tokens.items():
        brackets += {"(": 1, ")": -1}.get(code[start], 0)
        signs = signs + (code[start] == "~") if code[start] in "(~" else 0
        if brackets + signs > DEEPEST:
            return token
    return None


def number_of(kind: str, written: str) -> tuple[float, str | None]:
    """Return a number and its unit; None if it is a bare number.

    Raises:
        ValueError: If it is none, or too large.
    """
    unit, parse = QUANTITIES[kind]
    try:
        number = float(parse(written))
    except OverflowError:
        number = inf
    if number > _LARGEST:
        shown = f"{written[:20]}..." if len(written) > 20 else written
        raise ValueError(f"{shown} is too large; no number is above 1e30")
    return number, unit


def summary_of(word: str) -> Summary:
    """Return what a word such as share or q95 asks of many runs.

    Raises:
        ValueError: If the quantile is not within 0 and 100.
    """
    if word == "share":
        return SHARE
    level = float(Decimal(word.removeprefix("q")) / 100)
    if not 0 < level < 1:
        raise ValueError(f"{word} is no quantile; write e.g. q95(origin_hits)")
    return Summary("quantile", level)
