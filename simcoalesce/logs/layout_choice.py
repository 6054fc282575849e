"""Layout choice: which format a file has, told by its first lines or by the user."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from simcoalesce.logs.advice import advice, first_values, key_candidates
from simcoalesce.logs.block_columns import TARGET_PARTS
from simcoalesce.logs.json_parser import json_paths
from simcoalesce.logs.layout import Layout
from simcoalesce.logs.log_format import (
    JsonFormat,
    LogFormat,
    TableFormat,
    text_parser,
)
from simcoalesce.logs.log_spec import LogSpec
from simcoalesce.logs.nginx_format import is_nginx_format, nginx_pattern
from simcoalesce.logs.sources import LONGEST_LINE, LineBlock
from simcoalesce.spec import InputFile

_LINES_TO_RECOGNISE: Final = 40
_MOST_LINES: Final = 0.5


def chosen_layout(file: InputFile, first: LineBlock | None, spec: LogSpec) -> Layout:
    """Return how a file is read.

    Args:
        file: Of which messages speak.
        first: Its first lines; None if it is empty.
        spec: What the user says.

    Raises:
        ValueError: If it has no known format, or not the one that is said.
    """
    lines = first_lines(first)
    if not lines:
        is_long = first is not None and first.too_long
        what = f"lines longer than {LONGEST_LINE} bytes" if is_long else "no request"
        raise ValueError(f"{file} holds {what}")
    try:
        return _as_said(_layout(file, lines, spec), spec)
    except UnknownFormatError:
        raise
    except ValueError as error:
        raise UnknownFormatError(f"{file}: {error}; {advice(file, lines)}") from error


class UnknownFormatError(ValueError):
    """A file cannot be read as it is; the message says what would read it."""


def _layout(file: InputFile, lines: list[str], spec: LogSpec) -> Layout:
    if spec.pattern:
        parser = text_parser(spec.pattern, "what `pattern` matches")
        return Layout("pattern", parser)
    if is_nginx_format(spec.format):
        parser = text_parser(nginx_pattern(spec.format), "what this log_format makes")
        return Layout("log_format", parser, time_is="end")
    layout = _chosen_format(file, lines, spec).layout(lines, spec.field_words)
    there = first_values(lines)
    values = {name: there[name] for name in layout.others if name in there}
    return replace(layout, candidates=key_candidates(values))


def first_lines(first: LineBlock | None) -> list[str]:
    """Return the first lines of a file that are not blank."""
    if first is None:
        return []
    start = first.content[: 4 * LONGEST_LINE].decode(errors="backslashreplace")
    lines = [line.strip(" \r") for line in start.split("\n")]
    found = [line for line in lines if line.strip() and len(line) <= LONGEST_LINE]
    return found[:_LINES_TO_RECOGNISE]


def _chosen_format(file: InputFile, lines: list[str], spec: LogSpec) -> type[LogFormat]:
    formats = spec.formats
    if len(formats) == 1:
        return formats[0]
    shares = {one: one.recognised_ratio(lines) for one in formats}
    most = max(shares.values())
    for log_format, share in shares.items():
        if share and share >= min(most, _MOST_LINES):
            return log_format
    if spec.columns or spec.fields:
        return formats[-1]
    general = _general_format(lines, formats)
    if general is not None:
        return general
    raise UnknownFormatError(f"{file} has no known format; {advice(file, lines)}")


def _general_format(
    lines: list[str], formats: Sequence[type[LogFormat]]
) -> type[LogFormat] | None:
    """Return the format of any table, or of any JSON: it says what is not certain."""
    if not first_values(lines):
        return None
    base = JsonFormat if json_paths(lines[0]) else TableFormat
    found = [one for one in formats if issubclass(one, base)]
    return found[-1] if found else None


def _as_said(layout: Layout, spec: LogSpec) -> Layout:
    if "time" not in layout.parser.fields:
        raise ValueError("there is no field of time")
    time = replace(layout.time, zone=spec.timezone)
    if spec.time_format != "auto":
        time = replace(time, time_format=spec.time_format)
    if spec.time_is:
        # What the user says is no longer taken for granted.
        known = [one for one in layout.assumptions if "time_is" not in one]
        layout = replace(layout, assumptions=tuple(known))
    layout = replace(layout, time=time, time_is=spec.time_is or layout.time_is)
    if spec.duration is not None:
        name = spec.duration.field
        if not layout.parser.has(name):
            raise ValueError(f'there is no field "{name}" for the duration')
        parser = layout.parser.with_raw([])
        fields = {**parser.fields, "duration": name}
        layout = replace(
            layout,
            parser=replace(parser, fields=fields),
            duration_ns=spec.duration.unit_ns,
        )
    return _with_conditions(layout, spec)


def _with_conditions(layout: Layout, spec: LogSpec) -> Layout:
    there = {*layout.parser.fields, *TARGET_PARTS}
    raw = [one.field for one in (*layout.only, *spec.where) if one.field not in there]
    unknown = [name for name in raw if not layout.parser.has(name)]
    if unknown:
        listed = ", ".join([*layout.parser.fields, *layout.others])
        raise ValueError(
            f'where: there is no field "{unknown[0]}" (there are: {listed:.200})'
        )
    return replace(layout, parser=layout.parser.with_raw(raw), where=spec.where)
