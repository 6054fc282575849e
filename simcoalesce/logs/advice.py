"""Advice: the lines of a scenario that would read a file of no known format."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import msgspec

from simcoalesce.logs.block_columns import shown
from simcoalesce.logs.instants import TimeReader
from simcoalesce.logs.json_parser import json_paths, value_at
from simcoalesce.logs.layout import FieldWords
from simcoalesce.logs.table_head import TableHead
from simcoalesce.logs.table_parser import cells
from simcoalesce.spec import InputFile

_FIRST_YEAR_NS: Final = 946_684_800 * 10**9
"""Before the year 2000 nobody wrote the logs that are read."""
_TIME_NAME: Final = re.compile(
    r"time|date|stamp|when|^ts$|^t_|epoch|msec|_at$", re.IGNORECASE
)
_KEY_NAME: Final = re.compile(
    r"ur[li]|path|page|key|resource|object|request|target", re.IGNORECASE
)
_TOKEN: Final = re.compile(r'\[[^\]]*\]|"(?:[^"\\]|\\.)*"|\S+')
_LONGEST_LINE: Final = 2_000
_REQUEST_LINE: Final = re.compile(r"[A-Z]+ (\S+)")
_URL: Final = re.compile(r"(?:https?://|/)\S*")


def advice(file: InputFile, lines: Sequence[str]) -> str:
    """Return how a file starts, and the words that would read it, as a sentence."""
    words = "\n  ".join(_words(lines))
    return (
        f"it starts with {shown(lines[0])}. Say what its fields are, e.g.\n"
        f"  file: {file}\n  {words}"
    )


def _words(lines: Sequence[str]) -> list[str]:
    values = first_values(lines)
    if values:
        return _named("fields" if json_paths(lines[0]) else "columns", values)
    return [f"pattern: '{_pattern(lines[-1])}'", "time_format: auto"]


def first_values(lines: Sequence[str]) -> dict[str, Any]:
    """Return what the first object of JSON says, or the first row of a table."""
    paths = json_paths(lines[0])
    if paths:
        line = msgspec.json.decode(lines[0])
        return {path: value_at(line, path) for path in paths}
    return dict(_table(lines))


def _named(word: str, values: Mapping[str, Any]) -> list[str]:
    """Return the words that name a time and a key among fields."""
    time = _best(values, _TIME_NAME, is_time) or next(iter(values))
    others = {name: value for name, value in values.items() if name != time}
    key = _best(others, _KEY_NAME, is_url) or next(iter(others), None)
    entry = f", uri: {key}" if key is not None else ""
    return [f"{word}: {{time: {time}{entry}}}", "time_format: auto"]


def key_candidates(values: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the fields that may be a key, the likeliest first; numbers are none."""
    texts = [
        name
        for name, value in values.items()
        if isinstance(value, str) and not _is_number(value) and not is_time(value)
    ]
    return tuple(
        sorted(texts, key=lambda n: (not is_url(values[n]), not _KEY_NAME.search(n)))
    )


def _best(values: Mapping[str, Any], name: re.Pattern[str], test: Any) -> str | None:
    good = [one for one, value in values.items() if test(value)]
    likely = [one for one in good if name.search(one)]
    named = [one for one in values if name.search(one)]
    return next(iter([*likely, *good, *named]), None)


def _table(lines: Sequence[str]) -> dict[str, str]:
    try:
        head = TableHead.of(lines, FieldWords(), "")
        rows = [cells(line, head.delimiter) for line in lines[head.skip :]]
    except ValueError:
        return {}
    good = [row for row in rows if len(row) == len(head.names)]
    has_times = len(head.names) == 1 and bool(good) and is_instant(good[0][0])
    if (
        (len(head.names) < 2 and not has_times)
        or len(good) * 2 <= len(rows)
        or head.delimiter == " "
    ):
        return {}
    return dict(zip(head.names, good[0], strict=True))


def _pattern(line: str) -> str:
    """Return a pattern for a line: its time, its URL, and what is between."""
    parts: list[str] = []
    missing = {"time": is_time, "uri": is_url}
    line = line[:_LONGEST_LINE]
    for token in _TOKEN.findall(line):
        name, part = _token_pattern(token, missing)
        parts.append(part)
        missing.pop(name, None)
        if not missing:
            return " ".join(parts)
    return r"(?P<time>\S+) (?P<uri>\S+)"


def _token_pattern(
    token: str, missing: Mapping[str, Callable[[Any], bool]]
) -> tuple[str, str]:
    """Return which field a token says, empty if none, and the pattern for it."""
    bare = token.strip('[]"')
    opens, closes = {"[": (r"\[", r"\]"), '"': ('"', '"')}.get(token[0], ("", ""))
    request = _REQUEST_LINE.match(bare)
    if "uri" in missing and request and is_url(request[1]):
        method_and_uri = r"(?P<method>\S+) (?P<uri>[^\s\"]+)"
        return "uri", f'{opens}{method_and_uri}[^"]*{closes}'
    name = next((one for one, test in missing.items() if test(bare)), "")
    text = f"[^{closes}]+" if closes else r"\S+"
    return name, opens + (f"(?P<{name}>{text})" if name else text) + closes


def is_time(value: Any) -> bool:
    """Whether a value is an instant since the year 2000."""
    try:
        return TimeReader().instant_ns(value) > _FIRST_YEAR_NS
    except (ValueError, OverflowError):
        return False


def is_url(value: Any) -> bool:
    """Whether a value is a URL, or the path of one."""
    return isinstance(value, str) and bool(_URL.fullmatch(value))


def is_instant(value: str) -> bool:
    """Whether a value is a time, or counts from some start."""
    return _is_number(value) or is_time(value)


def _is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True
