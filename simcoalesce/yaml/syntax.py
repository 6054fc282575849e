"""Syntax errors of YAML, in plain words and at the position that helps."""

import re
from typing import Any, Final

from ruamel.yaml.error import MarkedYAMLError

from simcoalesce.yaml.node import Source, SourcePosition

_PROBLEMS: Final = (
    (r"found character '\\t'", "a tab cannot indent YAML; use spaces"),
    (
        r"found character '(.+)' that cannot start",
        '"{0}" cannot start a value; put the text into quotes',
    ),
    (
        r"mapping values are not allowed",
        'a ":" where no key can stand; check the indentation, and quote text with ": "',
    ),
    (
        r"expected <block end>",
        "this line is not indented like the lines that it belongs to",
    ),
    (r"found unknown escape character", r"no such escape; write \\ for a backslash"),
    (r"block sequence entries are not allowed", 'a "- " cannot stand here'),
    (r"found duplicate anchor", "this name is given twice; names after & must differ"),
)
"""What the parser says (a pattern), and how to say it to people."""

_OPENED: Final = (
    (r"could not find expected ':'", 'after this key, a ":" and a space are missing'),
    (r"found unexpected end of stream", "the quote that opens here is never closed"),
    (r"expected ',' or '\]'", 'the "[" here is never closed, or a "," is missing'),
    (r"expected ',' or '}'", 'the "{" here is never closed, or a "," is missing'),
)
"""The same for what is best shown where it was opened."""


def in_plain_words(
    error: MarkedYAMLError, source: Source
) -> tuple[SourcePosition, str]:
    """Return where a text stops being YAML, and why."""
    problem = str(error.problem or error.context or "it cannot be read")
    here = error.problem_mark or error.context_mark
    for pattern, words in _OPENED:
        if re.search(pattern, problem):
            return _position(error.context_mark or here, source), words
    for pattern, words in _PROBLEMS:
        match = re.search(pattern, problem)
        if match:
            return _position(here, source), words.format(*match.groups())
    return _position(here, source), f"this is not YAML: {problem}"


def _position(mark: Any, source: Source) -> SourcePosition:
    return (
        SourcePosition(source, mark.line + 1, mark.column + 1)
        if mark
        else SourcePosition(source)
    )
