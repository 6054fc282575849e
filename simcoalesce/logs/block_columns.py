"""Block columns: what one block of a log says, as arrays; made in any process."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.logs.cache_status import cache_status
from simcoalesce.logs.key_rule import PARTS, KeyRule, url_parts
from simcoalesce.logs.layout import Layout
from simcoalesce.logs.line_parser import ParsedLines, Texts
from simcoalesce.logs.numbers import NOTHING, isolate_number, status_number, total_ns
from simcoalesce.logs.sources import LONGEST_LINE, LineBlock
from simcoalesce.logs.stamps import COARSEST_NS, stamp_of
from simcoalesce.logs.where import FieldCondition
from simcoalesce.run_bounds import HORIZON_NS

BAD_LINES_SHOWN: Final = 3
_LATEST_NS: Final = HORIZON_NS - 1
"""In the year 2116; the difference of two such instants is within 64 bits."""
_MARGINS: Final = ("\r", "\n ", " \n")
TARGET_PARTS: Final = PARTS
"""What `where:` may name of what was asked for, however the log says it."""
Name = Any
"""What is coded: a (host, uri) pair, a method, the name of a location."""


@dataclass
class Coded:
    """A column of codes, and what they stand for in the order of first mention."""

    codes: NDArray[Any]
    names: list[Name]

    def renamed(self, name: Callable[[Any], Name]) -> "Coded":
        """Return it with other names; several may become one."""
        new = coded(list(map(name, self.names)))
        return Coded(new.codes.take(self.codes), new.names)

    def kept(self, keep: Any) -> "Coded":
        """Return it for some of the lines, with the names that they have."""
        if isinstance(keep, slice):
            return self
        used, codes = np.unique(self.codes[keep], return_inverse=True)
        return Coded(codes, [self.names[code] for code in used.tolist()])


@dataclass
class BlockColumns:
    """What a block says, line by line in the order of the file.

    Attributes:
        lines: How many lines could be requests, good and bad.
        bad: How many do not parse; `bad_lines` shows the first of them.
        left_out: How many parsed and are not used, by reason.
        logged: The fields that say something in at least one line.
    """

    at_ns: NDArray[np.int64]
    numbers: dict[str, NDArray[Any]] = field(default_factory=dict)
    coded: dict[str, Coded] = field(default_factory=dict)
    lines: int = 0
    bad: int = 0
    bad_lines: list[str] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)
    stamp_ns: int = COARSEST_NS
    logged: set[str] = field(default_factory=set)


def coded(values: Texts) -> Coded:
    """Return the codes of values that repeat."""
    table: defaultdict[Any, int] = defaultdict()
    table.default_factory = table.__len__
    codes = np.fromiter(map(table.__getitem__, values), np.int32, len(values))
    table.default_factory = None  # It refers to the table: a cycle, never collected.
    return Coded(codes, list(table))


@dataclass(frozen=True)
class BlockReader:
    """Reads the blocks of one file. It is sent to other processes.

    Attributes:
        layout: How its lines are read.
        wanted: The columns of a `Log` that are.
    """

    layout: Layout
    wanted: frozenset[str]

    def read(self, block: LineBlock, skip: int = 0) -> BlockColumns:
        """Return what a block says.

        Args:
            block: Some lines.
            skip: How many of them are no entries, from the first on.
        """
        lines = _Lines.of(block, skip)
        parsed = self.layout.parser.parsed(lines.texts)
        _split_requests(parsed.columns)
        rows = _Rows(parsed, {})
        at_ns = rows.numbers("time", self.layout.time.instant_ns)
        numbers = {
            name: rows.numbers(source, convert)
            for name, (source, convert) in self._converters().items()
            if source in parsed.columns and name in self.wanted
        }
        keep = self._are_requests(rows)
        found = BlockColumns(
            at_ns=at_ns[keep],
            numbers={name: column[keep] for name, column in numbers.items()},
            coded=self._coded(rows, keep),
            lines=len(parsed.rows) + len(parsed.bad) + len(lines.too_long),
        )
        found.stamp_ns = stamp_of(found.at_ns)
        found.left_out = dict(rows.left_out)
        found.logged = {n for n, texts in parsed.columns.items() if _says(texts)}
        lines.refuse(found, parsed, rows.bad)
        return found

    def _converters(self) -> dict[str, tuple[str, Callable[[Any], int]]]:
        layout = self.layout
        return {
            "duration_ns": ("duration", lambda one: total_ns(one, layout.duration_ns)),
            "origin_ns": (
                "origin_duration",
                lambda one: total_ns(one, layout.origin_ns),
            ),
            "status": ("status", status_number),
            "origin_status": ("origin_status", status_number),
            "cache": ("cache", lambda one: cache_status(str(one))),
            "isolate": ("isolate", isolate_number),
        }

    def _are_requests(self, rows: "_Rows") -> Any:
        keep = np.ones(len(rows.parsed.rows), dtype=np.bool_)
        if rows.bad:
            keep[list(rows.bad)] = False
        conditions = [("no request", one) for one in self.layout.only]
        conditions += [(f"where {one.field}", one) for one in self.layout.where]
        for reason, condition in conditions:
            is_one = rows.hold(condition)
            rows.left_out[reason] += int(np.sum(keep & ~is_one))
            keep &= is_one
        return slice(None) if keep.all() else keep

    def _coded(self, rows: "_Rows", keep: Any) -> dict[str, Coded]:
        found = {}
        if "target" in self.wanted:
            found["target"] = rows.targets()
        for name in ("method", "location"):
            if name in self.wanted and name in rows.parsed.columns:
                found[name] = coded(rows.parsed.columns[name]).renamed(_name)
        return {name: column.kept(keep) for name, column in found.items()}


def _says(texts: Texts) -> bool:
    return any(one not in NOTHING for one in texts)


def _name(written: Any) -> str | None:
    return None if written in NOTHING else str(written)


@dataclass
class _Rows:
    """The good lines of a block while they are converted."""

    parsed: ParsedLines
    bad: dict[int, str]
    """Rows that turn out to be bad, and why."""
    left_out: Counter[str] = field(default_factory=Counter)

    def numbers(self, name: str, convert: Callable[[Any], int]) -> NDArray[np.int64]:
        """Return a column as whole numbers; what cannot be converted is bad."""
        column = coded(self.parsed.columns[name])
        values, errors = [], {}
        for code, written in enumerate(column.names):
            try:
                values.append(_within(convert(written), written))
            except (ValueError, OverflowError) as error:
                values.append(0)
                errors[code] = str(error)
        if errors:
            for row in np.flatnonzero(np.isin(column.codes, list(errors))).tolist():
                self.bad.setdefault(row, errors[int(column.codes[row])])
        converted = np.array(values, dtype=np.int64)
        return converted.take(column.codes)

    def hold(self, condition: FieldCondition) -> NDArray[np.bool_]:
        """Return of each line whether it is as a condition says."""
        if condition.field in self.parsed.columns:
            column = coded(self.parsed.columns[condition.field])
        else:
            column = self.targets().renamed(_part_of(condition.field))
        held = [condition.holds(one) for one in column.names]
        return np.array(held, dtype=np.bool_).take(column.codes)

    def targets(self) -> Coded:
        """Return the (host, uri) of each line; None where it says neither."""
        columns = self.parsed.columns
        name = next((n for n in ("key", "uri", "url", "path") if n in columns), "")
        hosts = columns.get("host") if name != "key" else None
        nothing = [None] * len(self.parsed.rows)
        uris = columns.get(name, nothing)
        if name == "path" and "query" in columns:
            uris = list(map(_uri, uris, columns["query"]))
        if hosts is None or not any(hosts):
            return coded(uris).renamed(lambda uri: _target(None, uri, name))
        pairs = coded(list(zip(hosts, uris, strict=True)))
        return pairs.renamed(lambda pair: _target(pair[0], pair[1], name))


def _within(value: int, written: Any) -> int:
    if abs(value) > _LATEST_NS:
        raise ValueError(f"{written!s:.40} is out of range")
    return value


def _part_of(name: str) -> Callable[[Name], str | None]:
    """Return what gives the host, path, query, URI or URL of a target."""
    rule = KeyRule(f"{{{name}}}")
    return lambda target: None if target is None else rule.name(*target)


def _split_requests(columns: dict[str, Texts]) -> None:
    """Take method and URL out of request lines: ``GET /p HTTP/1.1``."""
    if "request" in columns:
        parts = [str(one or "").split() for one in columns["request"]]
        columns["method"] = [one[0] if len(one) > 1 else None for one in parts]
        columns["url"] = [one[1] if len(one) > 1 else None for one in parts]


def _uri(path: Any, query: Any) -> Any:
    return path if query in NOTHING else f"{path}?{str(query).removeprefix('?')}"


def _target(host: Any, uri: Any, field_name: str) -> Name:
    host, uri = _name(host), None if uri in (None, "") else str(uri)
    if field_name == "url" and uri is not None and not uri.startswith("/"):
        parts = url_parts(host, uri)
        host, uri = parts.host or None, parts.path + parts.query
    return None if host is None and uri is None else (host, uri)


@dataclass
class _Lines:
    """The lines of a block that are not blank, and their numbers."""

    texts: list[str]
    numbers: Sequence[int]
    too_long: list[int]

    @classmethod
    def of(cls, block: LineBlock, skip: int) -> "_Lines":
        """Split a block into lines."""
        whole = block.content.decode(errors="backslashreplace")
        texts = whole.split("\n")
        if whole.startswith(" ") or any(mark in whole for mark in _MARGINS):
            texts = [line.strip(" \r") for line in texts]
        if not texts[-1]:
            texts.pop()
        numbers: Sequence[int] = range(block.first, block.first + len(texts))
        too_long = list(block.too_long)
        if "" in texts or max(map(len, texts), default=0) > LONGEST_LINE:
            pairs = list(zip(numbers, texts, strict=True))
            too_long += [n for n, text in pairs if len(text) > LONGEST_LINE]
            pairs = [(n, text) for n, text in pairs if 0 < len(text) <= LONGEST_LINE]
            numbers, texts = [n for n, _ in pairs], [text for _, text in pairs]
        return cls(texts[skip:], numbers[skip:], too_long)

    def refuse(
        self, found: BlockColumns, parsed: ParsedLines, bad: dict[int, str]
    ) -> None:
        """Count the bad lines, and show the first ones with their numbers."""
        whys = parsed.bad + [(parsed.rows[row], why) for row, why in bad.items()]
        reasons = [
            (self.numbers[index], f"{why}: {shown(self.texts[index])}")
            for index, why in nsmallest(BAD_LINES_SHOWN, whys)
        ]
        why = f"longer than {LONGEST_LINE} bytes"
        reasons += [(number, why) for number in self.too_long[:BAD_LINES_SHOWN]]
        found.bad = len(whys) + len(self.too_long)
        found.bad_lines = [f"line {n}: {why}" for n, why in sorted(reasons)]
        del found.bad_lines[BAD_LINES_SHOWN:]


def shown(line: str, most: int = 60) -> str:
    """Return the start of a line in quotes, with points for what cannot be printed."""
    plain = "".join(c if c.isprintable() else "." for c in line[:most])
    return f'"{plain}..."' if len(line) > most else f'"{plain}"'
