"""Hostile texts: what a pattern that backtracks would read for hours.

``python -m tests.hostile_texts`` gives each of them to all that reads texts of users.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import product
from typing import Any, Final

from simcoalesce.conditions.selection import selected_name
from simcoalesce.experiment.sweeps.pareto import pareto_metrics
from simcoalesce.logs import sample_values
from simcoalesce.logs.json_documents import document_lines, is_document
from simcoalesce.logs.line_tokens import BLANKS, CellStyle
from simcoalesce.logs.log_format import log_formats
from simcoalesce.logs.nginx_format import nginx_pattern
from simcoalesce.logs.where import FieldCondition
from simcoalesce.metrics.expectation import EXPECTED
from simcoalesce.scenario.axis import Axis
from simcoalesce.scenario.override import Override
from simcoalesce.units import (
    parse_count,
    parse_duration,
    parse_rate,
    parse_ratio,
    parse_size,
)

LENGTH: Final = 100_000
LONGEST_LINE: Final = 65_536
_REPEATED: Final = (
    *(" ", "1", "a", "A", "-", ".", ",", ":", "/", "[", "(", "{", '"', "\\", "$a", "_"),
    *("1s ", "1.", '"\\', "a=", "a ", "[ ", "1:", ".1", "[]", "{\n", "'\\", " =", "\t"),
)
_BEGIN: Final = ("", "1", "1 ", '"', "[", "a[", "1/", "<", "origin_hits <", "a=1")
_SELECTABLE: Final = {"errors": frozenset(("key",))}


def _log(text: str) -> None:
    for test in (sample_values.is_number, sample_values.is_host, sample_values.is_date):
        test(text)
    for style in (BLANKS, CellStyle.of("|")):
        style.tokens(text[:LONGEST_LINE])
    is_document(text.encode())


def _nginx(text: str) -> None:
    re.compile(nginx_pattern(f"log_format a '$msec {text}")).match(text)


READERS: Final[tuple[Callable[[str], Any], ...]] = (
    *(parse_rate, parse_duration, parse_count, parse_ratio, parse_size),
    *(EXPECTED.condition, pareto_metrics, Axis.parse, Override.parse, _log, _nginx),
    lambda text: selected_name("errors", text, _SELECTABLE),
    lambda text: document_lines(text.encode(), LONGEST_LINE),
    lambda text: FieldCondition("status", (text,)).holds(text),
)


def hostile_texts(begin: tuple[str, ...] = _BEGIN) -> Iterator[str]:
    """Yield long texts that begin well, go on alike, and end in what fits nowhere."""
    for start, part in product(begin, _REPEATED):
        yield f"{start}{part * (LENGTH // len(part))}\x00"


def beginnings(line: str) -> tuple[str, ...]:
    """Return a line up to each of its signs: from there on patterns are in doubt."""
    cuts = {at for at, one in enumerate(line) if not one.isalnum()}
    return tuple(line[: at + 1] for at in sorted(cuts))


def read_all() -> int:
    """Give each text to each reader, which refuses most; return how many there were."""
    count = 0
    for text in hostile_texts():
        for read in READERS:
            with suppress(ValueError):
                read(text)
            count += 1
    for one in log_formats():
        pattern = getattr(one, "pattern", "")
        for text in hostile_texts(beginnings(one.example)) if pattern else ():
            re.compile(pattern).match(text[:LONGEST_LINE])
            count += 1
    return count


if __name__ == "__main__":
    print(read_all())  # noqa: T201 - it is a command
