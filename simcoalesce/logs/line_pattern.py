"""A pattern for lines of tokens, made from the first lines of a log.

A token is a word, a text in quotes or brackets, or ``name=value``. What a token is told
by is its name, or what it looks like in most lines.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from simcoalesce.logs import sample_values as looks
from simcoalesce.logs.field_choice import choose
from simcoalesce.logs.line_tokens import (
    BLANKS,
    VALUE,
    LineToken,
    TokenStyle,
    by_position,
    by_token_name,
)
from simcoalesce.logs.named_samples import Choice
from simcoalesce.logs.sample_values import mostly
from simcoalesce.logs.time_choice import NGINX_STAMPS, is_of_nginx

_TARGETS: Final = {"url", "path", "request"}
_CLF: Final = re.compile(r"\[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\]")
_APACHE: Final = "its last number is Apache's %D: microseconds, from the start on"
_UNCERTAIN: Final = (
    "its last number may be how long it took; it is not read, since Apache writes"
    " microseconds there and Tomcat milliseconds"
)


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


def line_pattern(
    lines: Sequence[str], style: TokenStyle = BLANKS
) -> LinePattern | None:
    """Return a pattern that reads the lines; None if they are no requests.

    A line of another kind among them does no harm.
    """
    rows = [tokens for tokens in map(style.tokens, lines) if _is_stamped(tokens)]
    return _Builder(rows, style).built()


def _is_stamped(tokens: Sequence[LineToken]) -> bool:
    """Whether a line has a time: what has none is no entry."""
    values = [token.value for token in tokens]
    return any(map(looks.is_instant, values)) or any(map(looks.is_day, values))


class _Builder:
    """The pattern while it is made."""

    def __init__(self, rows: list[list[LineToken]], style: TokenStyle) -> None:
        self.style = style
        self.columns = by_position(rows)
        self.named = by_token_name(rows)
        self.choice: Choice = choose(self.named)
        self._drop_uncertain_time()
        self.groups: dict[int, str] = {}
        self.found = LinePattern(
            units=self.choice.units,
            time_is=self.choice.time_is,
            assumptions=self.choice.assumptions,
        )

    def _drop_uncertain_time(self) -> None:
        """Leave out a time whose name is used for other things, as Heroku's ``at``."""
        name = self.choice.fields.get("time")
        if name is not None and not mostly(looks.is_instant, self.named[name]):
            self.choice.fields.pop("time")

    def built(self) -> LinePattern | None:
        """Return the pattern, if it has a time and something that is asked for."""
        request = self._find_request()
        if not _TARGETS & self.fields or not self._find_time():
            return None
        if request is not None:
            # Cells stand in any order; words follow the request they are of.
            request = request if self.style == BLANKS else 0
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
            self.groups[found[0]] = self.style.request
            for name in (*_TARGETS, "query", "method"):
                self.choice.fields.pop(name, None)
            return found[0]
        for index in self._where(looks.is_method)[:1]:
            after = index + 1
            if after in self._where(looks.is_url):
                self.groups[index] = self._quoted(index, "method")
                self.groups[after] = self._quoted(after, "url")
                return after
        return self._find_url()

    def _find_url(self) -> int | None:
        """Find a URL alone, where a line is of cells: with a host, if there is one."""
        found = self._where(looks.is_url) if self.style != BLANKS else []
        found.sort(key=lambda index: self._values(index)[0].startswith("/"))
        for index in found[:1]:
            self.groups[index] = self._quoted(index, "url")
            return index
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
        has_line = self.style.request in self.groups.values()
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
        found = self._where(looks.is_host_name)
        if len(found) == 1:
            self.groups[found[0]] = self._quoted(found[0], "host")
            host = self._values(found[0])[0]
            self.found.assumptions.append(f"{host} is the host that was asked")

    def _find_durations(self, request: int) -> None:
        if {"duration", "origin_duration"} & set(self.choice.fields):
            return
        found = self._where(looks.is_thousandths, request) or self._where(
            looks.is_measured, request
        )
        names = ["duration", "origin_duration"][: len(found)]
        if not found:
            self._find_last_number(request)
        if len(found) > len(names) or not self._is_within(found):
            return
        for name, index in zip(names, found, strict=True):
            self.groups[index] = self._quoted(index, name)
            unit = "s" if mostly(looks.is_thousandths, self._values(index)) else "text"
            self.found.units[name] = unit
        if found and self.found.units["duration"] == "s":
            self._is_nginx()
            self.found.assumptions.append(
                "its number with three decimals is nginx's $request_time, in seconds"
            )

    def _find_last_number(self, request: int) -> None:
        """Find Apache's %D behind referrer and user agent."""
        quoted = [i for i, one in enumerate(self.columns) if one[0].written[:1] == '"']
        last = max([request, *quoted])
        numbers = self._where(looks.is_whole, last + 1)
        if last > request and len(numbers) == 1:
            self.groups[numbers[0]] = self._quoted(numbers[0], "duration")
            self.found.units["duration"] = "us"
            self.found.time_is = self.found.time_is or "start"
            self.found.assumptions.append(_APACHE)
        elif len(numbers) == 2:
            self.found.assumptions.append(_UNCERTAIN)

    def _is_within(self, found: list[int]) -> bool:
        """Whether what the origin took is a part of what the request took."""
        if len(found) < 2:
            return True
        pairs = zip(self._values(found[0]), self._values(found[1]), strict=True)
        known = [(one, other) for one, other in pairs if "-" not in {one, other}]
        return all(_number(one) >= _number(other) for one, other in known)

    def _find_cache(self, request: int) -> None:
        if "cache" in self.choice.fields:
            return
        for index in self._where(looks.is_cache_word, request)[:1]:
            self.groups[index] = self._quoted(index, "cache")

    def _quoted(self, index: int, name: str) -> str:
        return self.style.group(self.columns[index], name)

    def _text(self) -> str:
        last = max(self.groups, default=-1)
        parts = [
            self.groups.get(index, self.style.skipped(self.columns[index]))
            for index in range(last + 1)
        ]
        whole = self.style.separator.join(part for part in parts if part)
        fields = self.choice.fields
        if parts and is_of_nginx(self.named) and None not in self._named_values():
            # A log_format has one order: each name is looked for behind the last one.
            names = [name for name in self.named if name in fields.values()]
            by_name = {of: name for name, of in fields.items()}
            return whole + "".join(_behind(name, by_name[name]) for name in names)
        return "".join(map(self._look_for, fields)) + whole

    def _named_values(self) -> list[str | None]:
        used = self.choice.fields.values()
        return [value for name in used for value in self.named[name]]

    def _look_for(self, field_name: str) -> str:
        """Return a group for a token that may stand anywhere in a line."""
        of = self.choice.fields[field_name]
        group = rf"(?=(?:.*?\s)?{_named_group(of, field_name)})"
        return group if None not in self.named[of] else f"(?:{group}|)"


def _behind(name: str, field_name: str) -> str:
    """Return a group for the next token of a name; others of it are not tried."""
    inside = rf'(?<=")(?:[^"\\]|\\.)*|{VALUE}'
    return rf'(?>.*?\s{re.escape(name)}=)"?(?P<{field_name}>{inside})'


def _named_group(name: str, field_name: str) -> str:
    inside = rf'(?<=")(?:[^"\\]|\\.)*|{VALUE}'
    return rf'{re.escape(name)}="?(?P<{field_name}>{inside})'


def _number(value: str) -> float:
    return float(value.rstrip("nuµmμs"))
