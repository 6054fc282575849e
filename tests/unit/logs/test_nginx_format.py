"""A log_format of nginx, pasted."""

from collections.abc import Callable

import pytest
from pydantic import ValidationError

from simcoalesce.logs.log import Log
from simcoalesce.logs.nginx_format import nginx_pattern

LogOf = Callable[..., Log]
FORMAT = (
    '$remote_addr - $remote_user [$time_local] "$request" $status $msec $request_time'
    ' $upstream_response_time $upstream_status $upstream_cache_status "$host"'
)
LINE = (
    '192.0.2.7 - - [05/Jun/2026:12:00:00 +0000] "GET /a?b=1 HTTP/1.1" 200'
    ' 1780660800.250 0.200 0.010, 0.020 : 0.001 502, 200 MISS "a.example"\n'
)


@pytest.mark.parametrize(
    "written",
    [FORMAT, f"log_format cached escape=json\n  '{FORMAT[:50]}'\n  '{FORMAT[50:]}';"],
)
def test_each_variable_is_a_column(log_of: LogOf, written: str) -> None:
    """The finest time is taken; starts are reckoned from ends."""
    log = log_of(LINE, format=written)

    assert log.at_ns.tolist() == [1_780_660_800_050_000_000]
    assert (log.starts, log.targets) == ("reckoned", (("a.example", "/a?b=1"),))
    assert (log.origin_ns.tolist(), log.origin_status.tolist()) == ([31_000_000], [200])
    assert (log.cache.tolist(), log.status.tolist()) == ([1], [200])


def test_a_format_of_json_is_read_as_its_text(log_of: LogOf) -> None:
    """What stands around the variables is the same in each line."""
    written = '{"t":"$time_iso8601","u":"$request_uri","m":"$request_method"}'
    log = log_of(
        '{"t":"2026-06-05T12:00:00+00:00","u":"/a","m":"GET"}\n', format=written
    )

    assert (log.targets, log.methods) == (((None, "/a"),), ("GET",))
    assert log.starts == "ends"


def test_a_format_without_a_time_is_refused(log_of: LogOf) -> None:
    """When the scenario is read, and not when it is run."""
    with pytest.raises(ValidationError, match=r"needs \$msec"):
        log_of(LINE, format='$remote_addr "$request"')


def test_a_variable_that_comes_twice_is_one_group() -> None:
    """Python's patterns have no two groups of a name."""
    assert nginx_pattern("$msec $host $host").count("(?P<host>") == 1


def test_a_variable_may_follow_another_at_once(log_of: LogOf) -> None:
    """What they are together is known."""
    log = log_of("1780660800.250 a.example/x 200\n", format="$msec $host$uri $status")

    assert (len(log), log.status.tolist()) == (1, [200])


def test_a_log_format_whose_variables_do_not_end_is_refused() -> None:
    """Each that follows another at once multiplies the ways to read a line."""
    with pytest.raises(ValueError, match="write a blank between them"):
        nginx_pattern("$msec $a$b$c$d")


def test_a_long_log_format_is_refused() -> None:
    """Nobody writes one of thousands of characters."""
    with pytest.raises(ValueError, match="more than 4,000 characters"):
        nginx_pattern("$msec" + " " * 4_000)
