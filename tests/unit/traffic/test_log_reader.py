"""Logs become columns; bad lines are counted."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from simcoalesce.spec import InputFile
from simcoalesce.traffic import log_reader
from simcoalesce.traffic.log_formats.ndjson import Ndjson
from simcoalesce.traffic.log_reader import LogOptions, read_log
from simcoalesce.traffic.recording import NOT_LOGGED

LogFile = Callable[..., InputFile]
REAL_LOG = Path(__file__).parents[3] / "scenarios" / "data" / "web-access.log.gz"
S = 10**9


def _combined(second: int, path: str = "/", status: str = "200") -> str:
    stamp = f"05/Jun/2026:21:00:{second:02} +0900"
    return f'10.0.0.1 - - [{stamp}] "GET {path} HTTP/1.1" {status} 17 "-" "-"\n'


def test_a_csv_holds_instants_of_the_run(log_file: LogFile) -> None:
    """Columns are found by their names; empty cells say nothing."""
    file = log_file(
        "a.csv", "key,t_ms,location,isolate\nx,1.5,icn,3\n,20,,\ny,30,icn,0\n"
    )
    recording = read_log(file, LogOptions())

    assert recording.at_ns.tolist() == [1_500_000, 20_000_000, 30_000_000]
    assert recording.key.tolist() == [0, NOT_LOGGED, 1]
    assert recording.location.tolist() == [0, NOT_LOGGED, 0]
    assert recording.isolate.tolist() == [3, NOT_LOGGED, 0]
    assert (recording.keys, recording.locations) == (("x", "y"), ("icn",))


def test_wall_clocks_count_from_the_earliest_entry(log_file: LogFile) -> None:
    """Entries out of order are sorted; those of one second stay as written."""
    lines = [_combined(9, "/b"), _combined(7, "/a"), _combined(9, "/c")]
    recording = read_log(log_file("a.log", "".join(lines)), LogOptions())

    assert recording.at_ns.tolist() == [0, 2 * S, 2 * S]
    assert [recording.keys[code] for code in recording.key] == ["/a", "/b", "/c"]


def test_sorting_many_entries_keeps_their_order(log_file: LogFile) -> None:
    """Of a thousand entries in three seconds each second's stay as written."""
    seconds = [i * 7 % 3 for i in range(1_000)]
    lines = [_combined(second, f"/{i}") for i, second in enumerate(seconds)]
    recording = read_log(log_file("a.log", "".join(lines)), LogOptions())

    expected = sorted(range(1_000), key=lambda i: seconds[i])
    assert [recording.keys[k] for k in recording.key] == [f"/{i}" for i in expected]


def test_a_query_may_be_cut_off(log_file: LogFile) -> None:
    """With key: path, /a?x=1 and /a?x=2 are one key."""
    file = log_file("a.log", _combined(1, "/a?x=1") + _combined(2, "/a?x=2"))

    assert read_log(file, LogOptions()).keys == ("/a?x=1", "/a?x=2")
    assert read_log(file, LogOptions(with_query=False)).keys == ("/a",)


def test_a_few_bad_lines_are_a_warning(log_file: LogFile) -> None:
    """The warning counts them and shows the first three with their numbers."""
    lines = ["t_s", *("1" for _ in range(400)), "x", "y,2", "", "z", "u"]
    recording = read_log(log_file("a.csv", "\n".join(lines)), LogOptions())

    assert len(recording) == 400
    (warning,) = recording.warnings
    assert warning == (
        "a.csv: 4 of 404 lines do not parse: "
        'line 402: "x" is not a time: "x"; '
        'line 403: 2 columns instead of 1: "y,2"; '
        'line 405: "z" is not a time: "z"; ...'
    )


def test_many_bad_lines_are_an_error(log_file: LogFile) -> None:
    """Above the stated share the log is refused."""
    file = log_file("a.csv", "t_s\n" + "1\n" * 98 + "x\ny\n")

    with pytest.raises(ValueError, match=r"2 of 100 .*more than bad_lines: 1%"):
        read_log(file, LogOptions(bad_lines_ratio=0.01))
    assert len(read_log(file, LogOptions(bad_lines_ratio=0.02))) == 98


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "holds no request"),
        (b"t_s,key\n", "holds no request"),
        (b"\x00\x01\x7fELF\n\xff\xfe" * 99, "is neither a combined log"),
        (b"x" * 200_000, "holds lines longer than 65536 bytes"),
        (b"t_s\n1\n-0.5\n", r"a\.log:3: the instant is before the start"),
        (b"t_s,t_ms\n1,2\n", r"a\.log:1: the header names 2 columns of time"),
    ],
)
def test_what_is_no_log_is_refused(
    log_file: LogFile, content: bytes, message: str
) -> None:
    """The message says what is wrong, and where."""
    with pytest.raises(ValueError, match=message):
        read_log(log_file("a.log", content), LogOptions())


def test_a_log_of_the_wrong_format_is_refused(log_file: LogFile) -> None:
    """A format that is said is not guessed."""
    file = log_file("a.log", _combined(1) * 3)

    with pytest.raises(ValueError, match="3 of 3 lines do not parse: line 1: not JSON"):
        read_log(file, LogOptions(formats=(Ndjson,)))


def test_too_many_entries_are_refused(
    log_file: LogFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Above the stated number the log is not read on."""
    monkeypatch.setattr(log_reader, "MOST_ENTRIES", 2)

    with pytest.raises(ValueError, match=r"a\.csv:4: more than 2 requests"):
        read_log(log_file("a.csv", "t_s\n1\n2\n3\n"), LogOptions())


def test_too_many_different_keys_are_refused(
    log_file: LogFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names are kept in memory, so there is a limit to them."""
    monkeypatch.setattr(log_reader, "_MOST_NAME_BYTES", 500)

    with pytest.raises(ValueError, match=r"a\.csv:4: more different keys than 1 GiB"):
        read_log(log_file("a.csv", "t_s,key\n1,a\n2,b\n3,c\n"), LogOptions())


def test_a_long_line_is_a_bad_line(log_file: LogFile) -> None:
    """A line beyond the limit is counted like any other that does not parse."""
    file = log_file("a.csv", "t_s\n1\n" + "x" * 100_000 + "\n2\n")
    recording = read_log(file, LogOptions(bad_lines_ratio=0.5))

    assert recording.at_ns.tolist() == [S, 2 * S]
    assert recording.warnings == (
        "a.csv: 1 of 3 lines do not parse: line 3: longer than 65536 bytes",
    )


def test_a_file_that_is_gone_is_an_error(tmp_path: Path) -> None:
    """A log may vanish between the scenario's check and the run."""
    file = InputFile(written="gone.csv", path=tmp_path / "gone.csv")

    with pytest.raises(ValueError, match=r"gone\.csv cannot be read: No such file"):
        read_log(file, LogOptions())


def test_a_changed_file_is_read_again(log_file: LogFile) -> None:
    """What is remembered is forgotten when the file changes."""
    file = log_file("a.csv", "t_s\n1\n")
    before = read_log(file, LogOptions())
    log_file("a.csv", "t_s\n1\n2\n")
    os.utime(file.path, ns=(1, 1))

    assert (len(before), len(read_log(file, LogOptions()))) == (1, 2)


def test_an_unchanged_file_is_read_once(log_file: LogFile) -> None:
    """Thirty replications parse a log once."""
    file = log_file("a.csv", "t_s\n1\n")

    assert read_log(file, LogOptions()) is read_log(file, LogOptions())


def test_a_real_log_parses() -> None:
    """All 10,000 requests of a real web context are read, four days of them."""
    file = InputFile(written="web-access.log.gz", path=REAL_LOG)
    recording = read_log(file, LogOptions())

    assert len(recording) == 10_000
    assert recording.warnings == ()
    assert recording.keys[0].startswith("/presentations/logstash-monitorama-2013/")
    assert 3 * 86_400 * S < recording.at_ns[-1] < 4 * 86_400 * S
