"""Layout choice: which format a file has, told by its first lines or by the user."""

from dataclasses import replace
from typing import Final

from simcoalesce.logs.block_columns import shown
from simcoalesce.logs.layout import Layout
from simcoalesce.logs.log_format import LogFormat, text_parser
from simcoalesce.logs.log_spec import LogSpec
from simcoalesce.logs.sources import LONGEST_LINE, Block
from simcoalesce.spec import InputFile

_LINES_TO_RECOGNISE: Final = 40
_MOST_LINES: Final = 0.5


def chosen_layout(file: InputFile, first: Block | None, spec: LogSpec) -> Layout:
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
    if spec.pattern:
        found = Layout("pattern", text_parser(spec.pattern, "what pattern matches"))
        return _as_said(found, spec)
    chosen = _chosen_format(file, lines, spec)
    try:
        return _as_said(chosen.layout(lines, spec.field_words), spec)
    except ValueError as error:
        raise ValueError(f"{file}:1: {error}") from error


def first_lines(first: Block | None) -> list[str]:
    """Return the first lines of a file that are not blank."""
    if first is None:
        return []
    start = first.content[: 4 * LONGEST_LINE].decode(errors="backslashreplace")
    lines = [line.strip(" \r") for line in start.split("\n")]
    found = [line for line in lines if line and len(line) <= LONGEST_LINE]
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
    known = ", nor ".join(log_format.expects for log_format in formats)
    raise ValueError(f"{file} is neither {known}; it starts with {shown(lines[0])}")


def _as_said(layout: Layout, spec: LogSpec) -> Layout:
    time = replace(layout.time, zone=spec.timezone)
    if spec.time_format != "auto":
        time = replace(time, time_format=spec.time_format)
    return replace(layout, time=time)
