"""What is said of a log."""

from collections.abc import Callable

from simcoalesce.logs.description import unlike_gets
from simcoalesce.logs.log import Log

LogOf = Callable[..., Log]
FORMAT = r"(?P<time>\S+) (?P<method>\S+) (?P<url>\S+) (?P<status>\d+)"
OLD = "2015-05-17T10:05:03Z GET /a 200\n"


def _lines(count: int, rest: str = "GET /a 200") -> str:
    return "".join(f"2026-06-05T12:00:{i % 60:02}.5Z {rest}\n" for i in range(count))


def test_what_is_taken_for_granted_is_said(log_of: LogOf) -> None:
    """Of a log without host and method, with ends and no durations."""
    log = log_of(
        "1780660800.5 /a\n", pattern=r"(?P<time>\S+) (?P<uri>\S+)", time_is="end"
    )

    assert [text.split(",")[0] for text in log.assumptions] == [
        "it names no host",
        "it names no method",
        "its times are ends and it says no duration",
    ]


def test_starts_are_reckoned_from_ends(log_of: LogOf) -> None:
    """The unit may be said."""
    log = log_of(
        '{"time": 1780660800.5, "took": 200, "key": "/a"}\n',
        time_is="end",
        duration={"field": "took", "unit": "ms"},
    )

    assert log.at_ns.tolist() == [1_780_660_800_300_000_000]
    assert (log.starts, log.duration_ns.tolist()) == ("reckoned", [200_000_000])


def test_hosts_that_a_key_leaves_out_are_named(log_of: LogOf) -> None:
    """Else /a of both would be one key without a word."""
    text = _lines(1, "GET https://a.example/p 200") + _lines(
        1, "GET https://b.example/p 200"
    )

    assert log_of(text, pattern=FORMAT).warnings == ()
    (warning,) = log_of(text, pattern=FORMAT, key="path").warnings
    assert "names 2 hosts" in warning
    assert "write key: [host, path]" in warning


def test_a_lone_old_line_is_named(log_of: LogOf) -> None:
    """With the word that leaves it out, and that does."""
    (warning,) = log_of(OLD + _lines(200), pattern=FORMAT).warnings

    assert "1 of 201 requests, at 2015-05-17T10:05:03Z, is" in warning
    assert warning.endswith("write from: 2026-06-05T12:00:00.500Z")
    log = log_of(OLD + _lines(200), pattern=FORMAT, **{"from": warning.split(": ")[-1]})
    assert (len(log), dict(log.left_out)) == (200, {"from": 1})


def test_a_lone_late_line_is_named(log_of: LogOf) -> None:
    """A clock that was wrong for a moment."""
    late = OLD.replace("2015", "2031")
    (warning,) = log_of(late + _lines(200), pattern=FORMAT).warnings

    assert (
        "away from all others; to leave that out write until: 2026-06-05T12:01:00"
        in warning
    )


def test_a_quiet_night_is_no_lone_line(log_of: LogOf) -> None:
    """Requests a few hours apart, over days, are ordinary."""
    lines = "".join(
        f"2026-06-{5 + i // 4:02}T{i % 4 * 6:02}:00:00.5Z GET /a 200\n"
        for i in range(40)
    )

    assert log_of(lines, pattern=FORMAT).warnings == ()


def test_what_is_unlike_a_cached_get_is_said(log_of: LogOf) -> None:
    """Methods that pass every store, and answers that the model gives itself."""
    text = _lines(3) + _lines(2, "POST /b 201") + _lines(1, "GET /c 404")
    log = log_of(text, pattern=FORMAT)

    (said,) = unlike_gets(log)
    assert said.startswith("a.log: 2 POST of 6 requests: they pass every store")
    assert "; 1 were answered 404: the model answers these requests itself" in said
    assert log.storable.tolist().count(False) == 2


def test_mostly_bad_lines_are_no_verdict(log_of: LogOf) -> None:
    """Even if that many are allowed."""
    log = log_of(_lines(1) + "x\n" * 3, pattern=FORMAT, bad_lines="90%")

    assert log.no_verdict == "a.log: 3 of 4 lines do not parse, more than half"
