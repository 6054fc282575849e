"""A pattern for lines of tokens, made from the first lines of a log.

A token is a word, a text in quotes or brackets, or ``name=value``. What a token is told
by is its name, or what it looks like in most lines.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Final, NamedTuple

from simcoalesce.logs import sample_values as looks
from simcoalesce.logs.field_choice import choose
from simcoalesce.logs.named_samples import Choice
from simcoalesce.logs.sample_values import mostly
from simcoalesce.logs.time_choice import NGINX_STAMPS, is_of_nginx

_QUOTED: Final = r'"(?:[^"\\]|\\.)*"'
_VALUE: Final = r'[^\s",]*(?:, [\d.-]+)*'
_TOKEN: Final = re.compile(
    rf"(?P<name>[A-Za-z_@][\w.@-]*)=(?P<value>{_QUOTED}|{_VALUE})"
    rf"|\[[^\]]*\]|{_QUOTED}|\S+"
)
_REQUEST: Final = r'(?P<method>[A-Za-z-]+) (?P<url>(?:[^ "\\]|\\.)+)(?: [^"]*)?'
_SKIPPED: Final = {"[": r"\[[^\]]*\]", '"': _QUOTED}
_WITHIN: Final = {"[": (r"\[", r"[^\]]+", r"\]"), '"': ('"', '[^"]*', '"')}
_TARGETS: Final = {"url", "path", "request"}
_SECONDS: Final = re.compile(r"\d{1,5}\.\d{3}")
_OFFSET: Final = re.compile(r"[+-]\d\d:?\d\d|UTC|Z")
_CLF: Final = re.compile(r"\[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\]")


class _Token(NamedTuple):
    name: str
    written: str

    @property
    def value(self) -> str:
        """What is within quotes or brackets."""
        return self.written.strip('"[]')


@dataclass
class LinePattern:
    """What was understood of lines of tokens.

    Attributes:
        pattern: A regular expression with a group for each standard field.
        units: Of durations; ``text`` if each is written with its own.
        time_is: ``start`` or ``end``; empty if the lines do not say.
        assumptions: What was taken for granted.
        stamp_is_clf: Whether its stamps are those of the combined format.
    """

    pattern: str = ""
    units: dict[str, str] = field(default_factory=dict)
    time_is: str = ""
    assumptions: list[str] = field(default_factory=list)
    stamp_is_clf: bool = False

    @property
    def fields(self) -> set[str]:
        """The standard fields that it reads."""
        return set(re.compile(self.pattern).groupindex)


def line_pattern(lines: Sequence[str]) -> LinePattern | None:
    """Return a pattern that reads the lines; None if they are no requests.

    A line of another kind among them does no harm.
    """
    rows = [tokens for tokens in map(_tokens, lines) if _is_stamped(tokens)]
    return _Builder(rows).built()


def _is_stamped(tokens: Sequence[_Token]) -> bool:
    """Whether a line has a time: what has none is no entry."""
    values = [token.value for token in tokens]
    return any(map(looks.is_instant, values)) or any(map(looks.is_day, values))


def _tokens(line: str) -> list[_Token]:
    return [
        _Token(one["name"] or "", one["value"] if one["name"] else one[0])
        for one in _TOKEN.finditer(line)
    ]


class _Builder:
    """The pattern while it is made."""

    def __init__(self, rows: list[list[_Token]]) -> None:
        self.columns = _by_position(rows)
        self.named = _by_name(rows)
        self.choice: Choice = choose(self.named)
        self.groups: dict[int, str] = {}
        self.found = LinePattern(
            units=self.choice.units,
            time_is=self.choice.time_is,
            assumptions=self.choice.assumptions,
        )

    def built(self) -> LinePattern | None:
        """Return the pattern, if it has a time and something that is asked for."""
        request = self._find_request()
        if not _TARGETS & self.fields or not self._find_time():
            return None
        if request is not None:
            self._find_status(request)
            self._find_host()
            self._find_durations(request)
            self._find_cache(request)
        self.found.pattern = self._text()
        return self.found

    @property
    def fields(self) -> set[str]:
        """The fields that were found up to now."""
        groups = re.findall(r"\(\?P<(\w+)>", "".join(self.groups.values()))
        return {*groups, *self.choice.fields}

    def _values(self, index: int) -> list[str]:
        return [token.value for token in self.columns[index]]

    def _where(self, test: looks.Test, start: int = 0) -> list[int]:
        return [
            index
            for index in range(start, len(self.columns))
            if index not in self.groups and mostly(test, self._values(index))
        ]

    def _find_request(self) -> int | None:
        """Find the request line; what it says counts more than what names say."""
        found = self._where(looks.is_request_line)
        if found:
            self.groups[found[0]] = f'"{_REQUEST}"'
            for name in (*_TARGETS, "query", "method"):
                self.choice.fields.pop(name, None)
            return found[0]
        for index in self._where(looks.is_method)[:1]:
            after = index + 1
            if after in self._where(looks.is_url):
                self.groups[index] = self._quoted(index, "method")
                self.groups[after] = self._quoted(after, "url")
                return after
        return None

    def _find_time(self) -> bool:
        if "time" in self.choice.fields:
            return True
        whole = self._where(looks.is_instant)
        if whole:
            finest = min(whole, key=self._resolution_s)
            self.groups[finest] = self._quoted(finest, "time")
            tokens = self.columns[finest]
            self.found.stamp_is_clf = all(_CLF.fullmatch(one.written) for one in tokens)
            self._say_whose_stamp(finest)
            return True
        for index in self._where(looks.is_day):
            if index + 1 in self._where(looks.is_clock):
                self.groups[index] = r"(?P<time>\S+ \S+)"
                self.groups[index + 1] = ""
                return True
        return False

    def _say_whose_stamp(self, index: int) -> None:
        # Beside a request line, only nginx writes seconds with three decimals.
        stamps = self._values(index)
        is_msec = all(looks.epoch_unit(one) == "s" and "." in one for one in stamps)
        has_line = any('"(?P<method>' in group for group in self.groups.values())
        if (is_msec and has_line) or is_of_nginx(self.named):
            self._is_nginx()

    def _is_nginx(self) -> None:
        self.found.time_is = "end"
        if NGINX_STAMPS not in self.found.assumptions:
            self.found.assumptions.append(NGINX_STAMPS)

    def _resolution_s(self, index: int) -> float:
        return min(map(looks.resolution_s, self._values(index)))

    def _find_status(self, request: int) -> None:
        if "status" in self.choice.fields:
            return
        for index in self._where(looks.is_status, request)[:1]:
            self.groups[index] = self._quoted(index, "status")

    def _find_host(self) -> None:
        if "host" in self.choice.fields:
            return
        found = self._where(_is_host_name)
        if len(found) == 1:
            self.groups[found[0]] = self._quoted(found[0], "host")
            host = self._values(found[0])[0]
            self.found.assumptions.append(f"{host} is the host that was asked")

    def _find_durations(self, request: int) -> None:
        if {"duration", "origin_duration"} & set(self.choice.fields):
            return
        found = self._where(_is_seconds, request) or self._where(_is_measured, request)
        names = ["duration", "origin_duration"][: len(found)]
        if len(found) > len(names) or not self._is_within(found):
            return
        for name, index in zip(names, found, strict=True):
            self.groups[index] = self._quoted(index, name)
            unit = "s" if mostly(_is_seconds, self._values(index)) else "text"
            self.found.units[name] = unit
        if found and self.found.units["duration"] == "s":
            self._is_nginx()
            self.found.assumptions.append(
                "its number with three decimals is nginx's $request_time, in seconds"
            )

    def _is_within(self, found: list[int]) -> bool:
        """Whether what the origin took is a part of what the request took."""
        if len(found) < 2:
            return True
        pairs = zip(self._values(found[0]), self._values(found[1]), strict=True)
        return all(other == "-" or one >= other for one, other in pairs)

    def _find_cache(self, request: int) -> None:
        if "cache" in self.choice.fields:
            return
        for index in self._where(_is_cache_word, request)[:1]:
            self.groups[index] = self._quoted(index, "cache")

    def _quoted(self, index: int, name: str) -> str:
        """Return a group for a token, within its quotes or brackets."""
        first = self.columns[index][0].written[0]
        before, inside, after = _WITHIN.get(first, ("", r"\S+", ""))
        return f"{before}(?P<{name}>{inside}){after}"

    def _text(self) -> str:
        last = max(self.groups, default=-1)
        parts = [
            self.groups.get(index, _skipped(self.columns[index]))
            for index in range(last + 1)
        ]
        return "".join(self._named_groups()) + r"\s+".join(
            part for part in parts if part
        )

    def _named_groups(self) -> Iterable[str]:
        for name, of in self.choice.fields.items():
            everywhere = all(value is not None for value in self.named[of])
            group = (
                rf'(?=(?:.*?\s)?{re.escape(of)}="?(?P<{name}>'
                rf'(?<=")(?:[^"\\]|\\.)*|{_VALUE}))'
            )
            yield group if everywhere else f"(?:{group}|)"


def _by_position(rows: list[list[_Token]]) -> list[list[_Token]]:
    """Return the tokens without a name that come before the first with one."""
    plain = [list(takewhile(lambda one: not one.name, row)) for row in rows]
    count = min(map(len, plain), default=0)
    return [[row[index] for row in plain] for index in range(count)]


def _by_name(rows: list[list[_Token]]) -> dict[str, list[str | None]]:
    names = dict.fromkeys(one.name for row in rows for one in row if one.name)
    tables = [{one.name: one.value for one in row} for row in rows]
    return {name: [table.get(name) for table in tables] for name in names}


def _skipped(column: list[_Token]) -> str:
    kinds = {one.written[0] if one.written[:1] in _SKIPPED else "" for one in column}
    if len(kinds) > 1:
        return rf"(?:\[[^\]]*\]|{_QUOTED}|\S+)"
    return _SKIPPED.get(kinds.pop(), r"\S+")


def _is_host_name(value: str) -> bool:
    return looks.is_host(value) and not looks.is_address(value)


def _is_seconds(value: str) -> bool:
    return _SECONDS.fullmatch(value) is not None


def _is_measured(value: str) -> bool:
    return bool(looks.measured_unit(value))


def _is_cache_word(value: str) -> bool:
    return value.isupper() and looks.is_cache(value)
