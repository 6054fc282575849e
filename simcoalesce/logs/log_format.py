"""Base classes of log formats. A format is one small file in `logs/formats/`.

It subclasses one of three and declares; it has no code of its own:

- `TextFormat`: lines of a regular expression, `pattern`, with named groups;
- `JsonFormat`: an object in each line; `paths` says where the fields are;
- `TableFormat`: cells; `columns` says in which column the fields are.

The names of groups, and the keys of `paths` and `columns`, are the standard fields:

==================  ==================================================================
time                when: its start or end, as `time_is` says
duration            from start to end, in `duration_unit`
method, host        as written
uri                 path and query; or apart: path and query; or url: absolute or not
request             method and URL in one: ``GET /p HTTP/1.1``
status              of the answer
cache               what a cache did: any word that `cache_status` knows
origin_duration     what the origin took, in `duration_unit`; several are added up
origin_status       of the origin's answer; of several, the last
key                 what a log itself calls the key, in place of host and uri
location, isolate   where the request came in
==================  ==================================================================

A value of `paths` or `columns` is a name, or a tuple of names of which the first that
is there is taken; a name may be a template that joins columns: ``{date} {time}``.
"-" and nothing mean: not logged. The unit of a duration is that of its name's end
(``took_ms``) if it has one, else `duration_unit`; numbers of a time whose name ends so
are counted in that unit, others tell it by their size.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, ClassVar, Final

from typing_extensions import override

from simcoalesce.discovery import members
from simcoalesce.logs.instants import TimeReader
from simcoalesce.logs.json_parser import JsonParser, json_paths
from simcoalesce.logs.layout import FieldWords, Layout, unit_of
from simcoalesce.logs.line_parser import LineParser, TextParser
from simcoalesce.logs.numbers import NS_PER
from simcoalesce.logs.table_head import TableHead
from simcoalesce.logs.table_parser import JOINED, TableParser
from simcoalesce.logs.where import FieldCondition

STANDARD_FIELDS: Final = (
    *("time", "duration", "method", "host", "uri", "path", "query", "url", "status"),
    *("cache", "origin_duration", "origin_status", "key", "location", "isolate"),
    "request",
)
"""What a format may name; see above."""

_TARGETS: Final = ("key", "uri", "url", "path", "query", "request")

Names = str | tuple[str, ...]
"""Where a field is: a name, or names of which the first that is there is taken."""


class LogFormat:
    """What a format declares; members subclass `TextFormat` and its like."""

    family: ClassVar[str] = "simcoalesce.logs.formats"
    kind: ClassVar[str]
    precedence: ClassVar[int] = 100
    """Of the formats that recognise a file, the one with the lowest is taken."""
    expects: ClassVar[str]
    """What it is, for people: "a combined log of Apache or nginx"."""
    shape: ClassVar[str] = ""
    """What a line looks like, for messages; by default what it is."""
    source: ClassVar[str] = ""
    """Where the format is documented, and when that was read."""
    example: ClassVar[str] = ""
    """The first lines of such a file."""
    time_is: ClassVar[str] = "start"
    """Whether the time is the ``start`` or the ``end`` of a request."""
    time_format: ClassVar[str] = "auto"
    """How times are written: as the word `time_format` of a scenario."""
    since_start: ClassVar[tuple[str, ...]] = ()
    """Names of times that count from the start of a run, not on a wall clock."""
    duration_unit: ClassVar[str] = "s"
    """Unit of durations whose names have none: s, ms, us or ns."""
    assumes: ClassVar[str] = ""
    """What is taken for granted of its logs, as a sentence without a point."""
    ignores: ClassVar[str] = ""
    """A pattern of lines that are no requests and no errors, e.g. comments."""
    only: ClassVar[Mapping[str, tuple[str, ...]]] = MappingProxyType({})
    """Groups, paths or columns, and the values of `where:` that make a line a request;
    other lines are counted as no requests."""

    @classmethod
    def recognised_ratio(cls, lines: Sequence[str]) -> float:
        """Return which share of the first lines of a file have this format.

        The first format in the order of precedence that knows most of them is taken,
        else the one that knows the most.
        """
        try:
            layout = cls.layout(lines, FieldWords())
        except ValueError:
            return 0.0
        found = layout.parser.parsed(lines[layout.skip :])
        good = sum(_is_time(one, layout) for one in found.columns["time"])
        return good / max(len(found.rows) + len(found.bad), 1)

    @classmethod
    def layout(cls, lines: Sequence[str], words: FieldWords) -> Layout:
        """Return how a file that starts with these lines is read.

        Raises:
            ValueError: If no file of this format starts with them.
        """
        raise NotImplementedError

    @classmethod
    def _layout(cls, parser: LineParser, words: FieldWords) -> Layout:
        """Return a layout of a parser, as the class declares."""
        time = parser.fields.get("time", "")
        unit = unit_of(time)
        return Layout(
            kind=cls.kind,
            parser=parser,
            time=TimeReader(
                time_format="auto" if words.time_name() else cls.time_format,
                is_wall_clock=time not in cls.since_start,
                ns_per_unit=NS_PER[unit] if unit else 0,
            ),
            time_is=cls.time_is,
            duration_ns=_duration_ns(parser, "duration", cls.duration_unit),
            origin_ns=_duration_ns(parser, "origin_duration", cls.duration_unit),
            assumptions=(cls.assumes,) if cls.assumes else (),
            only=tuple(FieldCondition(name, of) for name, of in cls.only.items()),
        )


def _is_time(written: Any, layout: Layout) -> bool:
    try:
        layout.time.instant_ns(written)
    except ValueError:
        return False
    return True


def _duration_ns(parser: LineParser, name: str, unit: str) -> int:
    return NS_PER[unit_of(parser.fields.get(name, "")) or unit]


class TextFormat(LogFormat):
    """Lines of a regular expression with named groups."""

    pattern: ClassVar[str]
    """It matches from the start of a line and may end before it. Groups of other names
    than the standard ones can be named in `where:`."""

    @classmethod
    @override
    def layout(cls, lines: Sequence[str], words: FieldWords) -> Layout:
        """Return how lines of the pattern are read."""
        parser = text_parser(cls.pattern, cls.shape or cls.expects, cls.ignores)
        return cls._layout(parser, words)


def text_parser(pattern: str, expects: str, ignores: str = "") -> TextParser:
    """Return a parser of a pattern's groups.

    Raises:
        ValueError: If it is no pattern, or has no group ``time``.
    """
    try:
        groups = re.compile(pattern).groupindex
    except re.error as error:
        raise ValueError(f"the pattern is no regular expression: {error}") from error
    if "time" not in groups:
        raise ValueError(
            "the pattern has no group for the time; write e.g. (?P<time>\\S+)"
        )
    return TextParser(
        fields={name: name for name in groups},
        expects=expects,
        ignores=ignores,
        pattern=pattern,
    )


class JsonFormat(LogFormat):
    """An object in each line."""

    paths: ClassVar[Mapping[str, Names]]
    """Where each standard field is: ``request.uri`` is uri of the object request."""
    is_guarded: ClassVar[bool] = False
    """Whether texts that begin as formulas have an apostrophe before them."""
    required: ClassVar[tuple[str, ...]] = ("time",)
    """Standard fields without which a line is bad, and a file is of another format."""

    @classmethod
    @override
    def layout(cls, lines: Sequence[str], words: FieldWords) -> Layout:
        """Return how the objects are read."""
        there = dict.fromkeys(path for line in lines for path in json_paths(line))
        paths = {name: _first(of, there) for name, of in cls.paths.items()}
        fields = {**_without_rivals(paths, words.fields), **words.fields}
        parser = JsonParser(
            fields=fields,
            expects=cls.shape or cls.expects,
            ignores=cls.ignores,
            required=frozenset({*cls.required, *words.fields}),
        )
        others = tuple(path for path in there if path not in fields.values())
        return replace(cls._layout(parser, words), others=others)


def _first(names: Names, there: Mapping[str, Any] | Sequence[str]) -> str:
    if isinstance(names, str):
        return names
    return next((name for name in names if _is_there(name, there)), names[0])


def _without_rivals(
    declared: dict[str, str], said: Mapping[str, str]
) -> dict[str, str]:
    """Leave out what a format knows of a URL where the user says where it is."""
    if not said.keys() & {*_TARGETS}:
        return declared
    return {name: of for name, of in declared.items() if name not in _TARGETS}


def _is_there(name: str, there: Mapping[str, Any] | Sequence[str]) -> bool:
    return all(part in there for part in JOINED.findall(name) or [name])


class TableFormat(LogFormat):
    """Cells, of columns that a first line names: a header, or ``#Fields:``."""

    columns: ClassVar[Mapping[str, Names]]
    """In which column each standard field is."""
    delimiter: ClassVar[str] = ""
    """Between cells: a character, " " for blanks; by default the first lines tell."""
    ignores: ClassVar[str] = "#"
    is_guarded: ClassVar[bool] = False
    """Whether texts that begin as formulas have an apostrophe before them."""
    required: ClassVar[tuple[str, ...]] = ("time",)
    """Standard fields whose columns a file of this format has."""

    @classmethod
    @override
    def recognised_ratio(cls, lines: Sequence[str]) -> float:
        try:
            fields = cls.layout(lines, FieldWords()).parser.fields
        except ValueError:
            return 0.0
        return 1.0 if {*cls.required} <= {*fields} else 0.0

    @classmethod
    @override
    def layout(cls, lines: Sequence[str], words: FieldWords) -> Layout:
        """Return how the rows are read."""
        table = TableHead.of(lines, words, cls.delimiter)
        fields = {
            name: _first(of, table.names)
            for name, of in cls.columns.items()
            if _is_there(_first(of, table.names), table.names)
        }
        fields = _without_rivals(fields, words.columns)
        for name, column in words.columns.items():
            if not _is_there(column, table.names):
                raise ValueError(
                    f'there is no column "{column}" (there are: '
                    f"{', '.join(table.names):.80})"
                )
            fields[name] = column
        if "time" not in fields:
            needed = cls.columns.get("time", ())
            listed = needed if isinstance(needed, str) else " or ".join(needed)
            raise ValueError(
                f"the header names no column of time ({lines[0]:.60}); it needs"
                f" {listed}, or write e.g. columns: {{time: {table.names[0]}}}"
            )
        parser = TableParser(
            fields=fields,
            expects=cls.shape or cls.expects,
            ignores=table.ignores or cls.ignores,
            names=table.names,
            delimiter=table.delimiter,
            is_guarded=cls.is_guarded,
        )
        others = tuple(name for name in table.names if name not in fields.values())
        found = cls._layout(parser, words)
        return replace(found, skip=table.skip, others=others)


def log_formats() -> tuple[type[LogFormat], ...]:
    """Return all formats, in the order in which they are tried."""
    found = members(LogFormat, LogFormat.family).values()
    return tuple(sorted(found, key=lambda one: one.precedence))
