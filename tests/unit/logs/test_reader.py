"""Logs become columns; bad lines are counted."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from simcoalesce.logs.log import Log
from simcoalesce.logs.log_spec import LogSpec
from simcoalesce.logs.reader import read_log
from simcoalesce.spec import InputFile

LogOf = Callable[..., Log]
LogFile = Callable[..., InputFile]
REAL_LOG = Path(__file__).parents[3] / "scenarios" / "data" / "web-access.log.gz"
S = 10**9


def _combined(second: int, path: str = "/", status: str = "200") -> str:
    stamp = f"05/Jun/2026:21:00:{second:02} +0900"
    return f'10.0.0.1 - - [{stamp}] "GET {path} HTTP/1.1" {status} 17 "-" "-"\n'


def _keys(log: Log, **words: Any) -> list[str | None]:
    rule = LogSpec.model_validate({"file": InputFile(written="", path=Path())} | words)
    codes, names = log.keys(rule.key_rule)
    return [None if code < 0 else names[code] for code in codes.tolist()]


def test_a_csv_holds_instants_of_the_run(log_of: LogOf) -> None:
    """Columns are found by their names; empty cells say nothing."""
    log = log_of("key,t_ms,location,isolate\nx,1.5,icn,3\n,20,,\ny,30,icn,0\n")

    assert log.from_start_ns.tolist() == [1_500_000, 20_000_000, 30_000_000]
    assert _keys(log) == ["x", None, "y"]
    assert log.location.tolist() == [0, -1, 0]
    assert log.isolate.tolist() == [3, -1, 0]
    assert log.locations == ("icn",)


def test_wall_clocks_count_from_the_earliest_entry(log_of: LogOf) -> None:
    """Entries out of order are sorted; those of one second stay as written."""
    log = log_of(_combined(9, "/b") + _combined(7, "/a") + _combined(9, "/c"))

    assert log.from_start_ns.tolist() == [0, 2 * S, 2 * S]
    assert _keys(log) == ["/a", "/b", "/c"]


def test_sorting_many_entries_keeps_their_order(log_of: LogOf) -> None:
    """Of a thousand entries in three seconds each second's stay as written."""
    seconds = [i * 7 % 3 for i in range(1_000)]
    log = log_of("".join(_combined(s, f"/{i}") for i, s in enumerate(seconds)))

    expected = sorted(range(1_000), key=lambda i: seconds[i])
    assert _keys(log) == [f"/{i}" for i in expected]


def test_of_requests_of_one_start_the_last_to_end_comes_first(log_of: LogOf) -> None:
    """Ends are logged: both began at 1.0 s, and end after 5 ms and after 90 ms."""
    line = '{{"time":{},"request_uri":"{}","request_time":{}}}\n'
    lines = line.format(1.005, "/a", 0.005) + line.format(1.090, "/b", 0.09)
    log = log_of(lines, time_is="end")

    assert log.starts == "reckoned"
    assert _keys(log) == ["/b", "/a"]


def test_a_few_bad_lines_are_a_warning(log_of: LogOf) -> None:
    """The warning counts them and shows the first three with their numbers."""
    lines = ["t_s", *("1" for _ in range(400)), "x", "y,2", "", "z", "u"]
    log = log_of("\n".join(lines), "a.csv")

    assert (len(log), log.lines, log.bad) == (400, 404, 4)
    (warning,) = log.warnings
    assert warning == (
        "a.csv: 4 of 404 lines do not parse: "
        'line 402: "x" is not a time: "x"; '
        'line 403: 2 columns instead of 1: "y,2"; '
        'line 405: "z" is not a time: "z"; ...'
    )


def test_many_bad_lines_are_an_error(log_of: LogOf) -> None:
    """Above the stated share the log is refused."""
    text = "t_s\n" + "1\n" * 98 + "x\ny\n"

    with pytest.raises(ValueError, match=r"2 of 100 .*more than bad_lines: 1%"):
        log_of(text)
    assert len(log_of(text, bad_lines="2%")) == 98


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "holds no request"),
        (b"t_s,key\n", "holds no request"),
        (b"\x00\x01\x7fELF\n\xff\xfe" * 99, "it starts with"),
        (b"x" * 200_000, "holds lines longer than 65536 bytes"),
        (b"t_s\n1\n-0.5\n", r"line 3: the instant is before the start"),
        (b"t_s\n1\n50000000000\n", r"line 3: 50000000000 is out of range"),
        (b"a,b\nx,y\n", "no field of time|not certain"),
    ],
)
def test_what_is_no_log_is_refused(log_of: LogOf, content: bytes, message: str) -> None:
    """The message says what is wrong, and where."""
    with pytest.raises(ValueError, match=message):
        log_of(content)


def test_a_log_of_the_wrong_format_is_refused(log_of: LogOf) -> None:
    """A format that is said is not guessed."""
    with pytest.raises(
        ValueError, match="3 of 3 lines do not parse: line 1: not a JSON"
    ):
        log_of(_combined(1) * 3, format="ndjson")


def test_a_long_line_is_a_bad_line(log_of: LogOf) -> None:
    """A line beyond the limit is counted like any other that does not parse."""
    log = log_of("t_s\n1\n" + "x" * 100_000 + "\n2\n", "a.csv", bad_lines="50%")

    assert log.at_ns.tolist() == [S, 2 * S]
    assert log.warnings == (
        "a.csv: 1 of 3 lines do not parse: line 3: longer than 65536 bytes",
    )


def test_a_file_that_is_gone_is_an_error(tmp_path: Path) -> None:
    """A log may vanish between the scenario's check and the run."""
    file = InputFile(written="gone.csv", path=tmp_path / "gone.csv")

    with pytest.raises(ValueError, match=r"gone\.csv cannot be read: No such file"):
        read_log(LogSpec(file=(file,)))


def test_a_changed_file_is_read_again(log_file: LogFile) -> None:
    """What is remembered is forgotten when the file changes."""
    spec = LogSpec(file=(log_file("a.csv", "t_s\n1\n"),))
    before = read_log(spec)
    log_file("a.csv", "t_s\n1\n2\n")
    os.utime(spec.file[0].path, ns=(1, 1))

    assert (len(before), len(read_log(spec))) == (1, 2)


def test_an_unchanged_file_is_read_once(log_file: LogFile) -> None:
    """Thirty replications parse a log once."""
    file = log_file("a.csv", "t_s\n1\n")

    assert read_log(LogSpec(file=(file,))) is read_log(LogSpec(file=(file,)))


def test_only_the_wanted_columns_are_read(log_file: LogFile) -> None:
    """The others say "not logged" of each request."""
    file = log_file("a.log", _combined(1, "/a", "404"))
    log = read_log(LogSpec(file=(file,)), {"status"})

    assert (log.status.tolist(), log.target.tolist()) == ([404], [-1])


def test_files_follow_each_other_by_their_instants(
    log_file: LogFile, tmp_path: Path
) -> None:
    """Rotated files may be named in any order, by a list or a glob."""
    log_file("a.log", _combined(9, "/late"))
    log_file("b.log.gz", _combined(5, "/early"))
    context = {"folder": tmp_path}
    for names in (["a.log", "b.log.gz"], "*.log*"):
        log = read_log(LogSpec.model_validate({"file": names}, context=context))

        assert (log.from_start_ns.tolist(), _keys(log)) == (
            [0, 4 * S],
            ["/early", "/late"],
        )


def test_a_real_log_parses() -> None:
    """All 10,000 requests of a real web context are read, four days of them."""
    file = InputFile(written="web-access.log.gz", path=REAL_LOG)
    log = read_log(LogSpec(file=(file,)))

    assert len(log) == 10_000
    assert log.warnings == ()
    assert (
        log.targets[0].uri
        == "/presentations/logstash-monitorama-2013/images/kibana-search.png"
    )
    assert 3 * 86_400 * S < log.from_start_ns[-1] < 4 * 86_400 * S
    assert log.stamp_ns == S


def test_columns_may_be_named_anew(log_of: LogOf) -> None:
    """A server that starts again may log other columns; each row is read by its own."""
    text = (
        "#Fields: date time cs-method cs-uri-stem sc-status\n"
        "2026-06-05 12:00:00 GET /a 200\n"
        "#Software: x\n#Fields: date time sc-status cs-uri-stem cs-method\n"
        "2026-06-05 12:00:01 404 /b POST\n"
    )
    log = log_of(text)

    assert (_keys(log), log.status.tolist(), log.bad) == (["/a", "/b"], [200, 404], 0)
    assert log.methods == ("GET", "POST")


def test_each_file_has_its_own_kind_of_times(log_file: LogFile, tmp_path: Path) -> None:
    """Of a log of starts and one of ends, only the second's durations are taken off."""
    log_file("a.log", _combined(5, "/start"))
    line = '{"msec": 1780660806.250, "request_time": 0.500, "request_uri": "/end"}\n'
    log_file("b.log", line)
    names = {"file": ["b.log", "a.log"]}
    log = read_log(LogSpec.model_validate(names, context={"folder": tmp_path}))

    assert (log.from_start_ns.tolist(), log.starts) == ([0, 750_000_000], "reckoned")
    assert _keys(log) == ["/start", "/end"]


def test_a_log_of_two_kinds_of_clocks_is_refused(
    log_file: LogFile, tmp_path: Path
) -> None:
    """Nobody knows when one begins in the other."""
    log_file("a.log", _combined(5))
    log_file("b.csv", "t_s,key\n1,/a\n")
    names = {"file": ["a.log", "b.csv"]}

    with pytest.raises(ValueError, match="are no one log"):
        read_log(LogSpec.model_validate(names, context={"folder": tmp_path}))


def test_a_file_of_too_many_bad_lines_is_shown(log_of: LogOf) -> None:
    """With what to write if its format is another."""
    with pytest.raises(ValueError, match=r'it starts with "t_s".*\n  file: a\.log\n'):
        log_of("t_s\n1\nx\n")
