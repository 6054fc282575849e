"""Log formats: a family, each member of which says what must be known about it."""

from collections.abc import Callable, Sequence
from typing import ClassVar

import pytest
from pydantic import ValidationError
from typing_extensions import override

from simcoalesce.discovery import extra_members
from simcoalesce.spec import InputFile
from simcoalesce.traffic.arrivals.replay import Replay
from simcoalesce.traffic.log_format import Entry, LogFormat, log_formats
from simcoalesce.traffic.recording import NOT_LOGGED

LogFile = Callable[..., InputFile]


class Pairs(LogFormat):
    """A time in seconds and a key."""

    kind: ClassVar[str] = "pairs"
    expects: ClassVar[str] = "pairs of seconds and a key"
    wall_clock: ClassVar[bool] = False

    @classmethod
    @override
    def recognises(cls, lines: Sequence[str]) -> bool:
        return lines[0].partition(" ")[0].isdigit()

    @override
    def entry(self, line: str) -> Entry:
        seconds, key = line.split()
        return int(seconds) * 10**9, key, None, NOT_LOGGED


def test_the_surest_format_is_tried_first() -> None:
    """A web server's lines are known by their shape, a CSV by one word; then others."""
    with extra_members([Pairs]):
        kinds = [one.kind for one in log_formats()]

    assert kinds == ["combined", "ndjson", "csv", "pairs"]


@pytest.mark.parametrize("written", ["auto", "pairs"])
def test_a_format_from_outside_reads_a_log(log_file: LogFile, written: str) -> None:
    """It is known when the scenario is read; the log may be read much later."""
    file = log_file("a.log", "1 a\n3 b\n")
    with extra_members([Pairs]):
        replay = Replay(file=file, format=written)

    recording = replay.recording()

    assert (recording.keys, recording.at_ns.tolist()) == (
        ("a", "b"),
        [10**9, 3 * 10**9],
    )


def test_fields_are_named_for_formats_that_have_them(log_file: LogFile) -> None:
    """For others they would mean nothing."""
    file = log_file("a.csv", "t_s\n1\n")

    with pytest.raises(ValidationError, match="fields: is for format: ndjson"):
        Replay.model_validate(
            {"file": file, "format": "csv", "fields": {"time": "ts"}},
        )
