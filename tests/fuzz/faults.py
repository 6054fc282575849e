"""Faults: what no input may bring about."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from simcoalesce.cli import exits
from tests.fuzz.command_end import TOO_LONG, CommandEnd
from tests.fuzz.fuzz_input import FuzzInput

ALLOWED: Final = (
    exits.OK,
    exits.USAGE,
    exits.INVALID,
    exits.EXPECTATION_FAILED,
    exits.REGRESSION,
    exits.POINTS_FAILED,
    exits.UNDECIDED,
)
_BUG: Final = re.compile(r"This is a bug in simcoalesce [^:]*: (.*)")
_NEVER_SAID: Final = (
    "Traceback (most recent call last)",
    "not enough memory",
    "the process that simulates it dies each time",
)
_NO_NUMBER: Final = re.compile(
    r"(?i)(?<![\w.\"'-])[-+]?(?:nan|inf|infinity)(?![\w.\"'])"
)
_TABLES: Final = (".csv", ".hgrm", ".ndjson", ".md")
_LONGEST: Final = 160


def fault_of(given: FuzzInput, end: CommandEnd) -> str:
    """Return what is wrong with how a command ended, in a line; empty if nothing is."""
    return next(_faults(given, end), "")[:_LONGEST]


def _faults(given: FuzzInput, end: CommandEnd) -> Iterator[str]:
    if end.code == TOO_LONG:
        yield "takes too long"
    elif end.code not in ALLOWED:
        bug = _BUG.search(end.err)
        yield f"bug: {bug[1]}" if bug else f"exit code {end.code}"
    yield from (f"says: {one}" for one in _NEVER_SAID if one in end.err)
    if end.code in (exits.USAGE, exits.INVALID):
        yield from _silence(given, end)
    yield from _not_finite(end)


def _silence(given: FuzzInput, end: CommandEnd) -> Iterator[str]:
    """Yield what a refusal leaves out."""
    if not end.err.strip():
        yield f"exit code {end.code} without a word"
    elif end.code == exits.INVALID and not _has_source(given, end.err):
        yield f"no file or option is named: {end.err.strip()}"


def _has_source(given: FuzzInput, err: str) -> bool:
    """Whether an error says in which file, option or argument something is wrong."""
    options = [one for one in given.arguments if one.startswith("--")]
    names = (f"{one.lstrip('-')}:" for one in options)
    quoted = (f'"{one}"' for one in given.arguments)
    long = (one for one in given.arguments[1:] if len(one) > 1)
    said = (*given.files, *options, *long, *quoted, *names)
    return any(one in err for one in said) or err.startswith(given.arguments[1:])


def _not_finite(end: CommandEnd) -> Iterator[str]:
    """Yield where a number of the output is not finite, or a document is none."""
    for name, content in end.written.items():
        text = content.decode(errors="replace")
        if name.endswith((".json", ".trace.json")):
            yield from _json_faults(text, name)
        elif name.endswith(_TABLES) and (no := _NO_NUMBER.search(text)):
            yield f"{name} has {no[0]}"
    if end.out.startswith("{"):
        yield from _json_faults(end.out, "stdout")
    elif end.code not in (exits.USAGE, exits.INVALID) and (
        no := _NO_NUMBER.search(end.out)
    ):
        yield f"stdout has {no[0]}"


def _json_faults(text: str, name: str) -> Iterator[str]:
    constants: list[str] = []
    note: Callable[[str], Any] = constants.append
    try:
        json.loads(text, parse_constant=note)
    except ValueError as error:
        yield f"{name} is no JSON: {error}"
    yield from (f"{name} has {one}" for one in constants)
