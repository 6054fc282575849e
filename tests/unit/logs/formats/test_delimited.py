"""Cells without a header."""

from collections.abc import Callable

import pytest

from simcoalesce.logs.log import Log

LogOf = Callable[..., Log]
NOON_NS = 1_780_660_800_000_000_000


@pytest.mark.parametrize(
    ("line", "host"),
    [
        ("HIT|200|1780660800000|5|7|192.0.2.7|-|https://a.example/p|DE", "a.example"),
        ("2026-06-05T12:00:00Z\ta.example\t-\t/p\t200\tMISS", "a.example"),
        ('2026-06-05 12:00:00,"GET /p HTTP/1.1",200,HIT', None),
        ("1780660800;/p;404", None),
    ],
)
def test_cells_tell_what_they_are(log_of: LogOf, line: str, host: str | None) -> None:
    """Between any of four delimiters."""
    log = log_of(f"{line}\n{line}\n")

    assert (log.format, log.bad) == ("delimited", 0)
    assert log.at_ns.tolist() == [NOON_NS] * 2
    assert log.targets == ((host, "/p"),)
    assert set(log.status.tolist()) <= {200, 404}
    assert 0 not in log.status


@pytest.mark.parametrize("line", ["a|b|c", "1780660800|x|y", "/p|/q|/r"])
def test_cells_without_a_time_or_a_url_are_refused(log_of: LogOf, line: str) -> None:
    """They are asked for, as of any unknown file."""
    with pytest.raises(ValueError, match=r"no known format|not certain"):
        log_of(f"{line}\n{line}\n")
    with pytest.raises(ValueError, match="there are no cells with"):
        log_of(f"{line}\n", format="delimited")
