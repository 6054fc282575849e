"""Log formats: a family, each member of which says what must be known about it."""

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

import pytest
from pydantic import ValidationError

from simcoalesce.discovery import extra_members
from simcoalesce.logs.log import Log
from simcoalesce.logs.log_format import TextFormat, log_formats
from simcoalesce.logs.log_spec import LogSpec
from simcoalesce.logs.reader import read_log
from simcoalesce.spec import InputFile

LogFile = Callable[..., InputFile]
LogOf = Callable[..., Log]


class Pairs(TextFormat):
    """A time in seconds and a key."""

    kind: ClassVar[str] = "pairs"
    expects: ClassVar[str] = "pairs of seconds and a key"
    pattern: ClassVar[str] = r"(?P<time>\d+) (?P<key>\S+)$"
    since_start: ClassVar[tuple[str, ...]] = ("time",)


def test_the_surest_format_is_tried_first() -> None:
    """A web server's lines are known by their shape, a CSV by one word."""
    with extra_members([Pairs]):
        kinds = [one.kind for one in log_formats()]

    assert kinds.index("combined") < kinds.index("pairs") < kinds.index("csv")


@pytest.mark.parametrize("written", ["auto", "pairs"])
def test_a_format_from_outside_reads_a_log(log_file: LogFile, written: str) -> None:
    """It is known when the scenario is read; the log may be read much later."""
    file = log_file("a.log", "1 a\n3 b\n")
    with extra_members([Pairs]):
        spec = LogSpec(file=(file,), format=written)

    log = read_log(spec)

    assert [target.uri for target in log.targets] == ["a", "b"]
    assert log.at_ns.tolist() == [10**9, 3 * 10**9]


def test_fields_are_named_for_formats_that_have_them(
    log_file: LogFile, tmp_path: Path
) -> None:
    """For others they would mean nothing."""
    log_file("a.csv", "t_s\n1\n")
    words = {"file": "a.csv", "format": "csv", "fields": {"time": "ts"}}

    with pytest.raises(ValidationError, match=r"fields: is for format: .*ndjson"):
        LogSpec.model_validate(words, context={"folder": tmp_path})


@pytest.mark.parametrize("kind", [one.kind for one in log_formats()])
def test_the_example_of_a_format_is_recognised(log_of: LogOf, kind: str) -> None:
    """By itself, and all of it parses."""
    (log_format,) = [one for one in log_formats() if one.kind == kind]
    log = log_of(log_format.example + "\n")

    assert (log.format, log.bad) == (kind, 0)
    assert log_format.expects


def test_columns_may_be_numbers(log_of: LogOf) -> None:
    """Then the first line is a row like the others."""
    text = "2026-06-05T12:00:00.5Z;x;/a\n2026-06-05T12:00:01Z;y;/b\n"
    log = log_of(text, columns={"time": 1, "uri": 3}, bad_lines="0%")

    assert log.from_start_ns.tolist() == [0, 500_000_000]
    assert [target.uri for target in log.targets] == ["/a", "/b"]


def test_columns_have_names_of_your_choice(log_of: LogOf) -> None:
    """The delimiter is told by the first lines."""
    text = "when\tpage\tcode\n05.06.2026 12:00\t/a\t200\n05.06.2026 12:01\t/b\t404\n"
    log = log_of(
        text,
        columns={"time": "when", "uri": "page", "status": "code"},
        time_format="%d.%m.%Y %H:%M",
        timezone="Europe/Berlin",
    )

    assert log.at_ns.tolist() == [1_780_653_600 * 10**9, 1_780_653_660 * 10**9]
    assert log.status.tolist() == [200, 404]


def test_fields_lines_name_the_columns(log_of: LogOf) -> None:
    """Comments are no lines; a template joins columns; - is nothing."""
    text = (
        "#Software: x\n#Fields: date time cs-method cs-uri-stem cs-uri-query\n"
        "2026-06-05 12:00:00 GET /a b=1\n2026-06-05 12:00:01 POST /a -\n"
    )
    columns = {"time": "{date} {time}", "method": "cs-method"}
    parts = {"path": "cs-uri-stem", "query": "cs-uri-query"}
    log = log_of(text, columns=columns | parts)

    assert [target.uri for target in log.targets] == ["/a?b=1", "/a"]
    assert (log.methods, log.storable.tolist()) == (("GET", "POST"), [True, False])
    assert (log.lines, log.from_start_ns.tolist()) == (2, [0, 10**9])


def test_a_pattern_reads_any_lines(log_of: LogOf) -> None:
    """Its groups are the fields."""
    pattern = r"at=(?P<time>\S+) took=(?P<duration>\S+) (?P<url>\S+)"
    log = log_of("at=1780660800.25 took=0.5 https://a.example/p?x\n", pattern=pattern)

    assert log.at_ns.tolist() == [1_780_660_800_250_000_000]
    assert log.duration_ns.tolist() == [500_000_000]
    assert log.targets == (("a.example", "/p?x"),)
