"""Patterns of lines of tokens."""

import re

import pytest

from simcoalesce.logs.line_pattern import LinePattern, line_pattern

COMBINED = '192.0.2.7 - - [05/Jun/2026:12:00:00 +0000] "GET /p/1?a=1 HTTP/1.1" 200 512'
TAIL = f'{COMBINED} "-" "ua"'


def found(line: str) -> tuple[LinePattern, dict[str, str]]:
    """Return the pattern of a line, and what it reads from it."""
    pattern = line_pattern([line])
    assert pattern is not None
    match = re.match(pattern.pattern, line)
    assert match is not None
    return pattern, match.groupdict()


def test_a_request_line_is_read_among_other_tokens() -> None:
    """With its time, its status, and nothing that is not there."""
    pattern, read = found(TAIL)

    assert read == {
        "time": "05/Jun/2026:12:00:00 +0000",
        "method": "GET",
        "url": "/p/1?a=1",
        "status": "200",
    }
    assert (pattern.time_is, pattern.stamp_is_clf) == ("", True)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (f"{TAIL} 0.130", {"duration": "0.130"}),
        (f"{TAIL} 0.130 0.128", {"duration": "0.130", "origin_duration": "0.128"}),
        (
            f'{TAIL} rt=0.130 uct="0.000" urt="0.100, 0.028"',
            {"duration": "0.130", "origin_duration": "0.100, 0.028"},
        ),
        (
            f"{COMBINED} host=shop.example msec=1780660800.130 rt=0.130 cs=HIT",
            {"host": "shop.example", "time": "1780660800.130", "cache": "HIT"},
        ),
        (
            '1780660800.130 192.0.2.7 a.example "GET /p HTTP/1.1" 200 0.130 MISS',
            {"host": "a.example", "duration": "0.130", "cache": "MISS"},
        ),
    ],
)
def test_nginx_writes_what_it_is_told_to(line: str, expected: dict[str, str]) -> None:
    """In any order, with or without names; its stamps are ends."""
    pattern, read = found(line)

    assert read | expected == read
    assert (pattern.time_is, pattern.units["duration"]) == ("end", "s")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            'ts=2026-06-05T12:00:00.125Z msg="a b" method=GET path=/p duration=12.5ms',
            {"time": "2026-06-05T12:00:00.125Z", "url": "/p", "duration": "12.5ms"},
        ),
        (
            '2026-06-05T12:00:00.0Z a: path="/p?a=1" host=shop.example service=18ms',
            {"url": "/p?a=1", "host": "shop.example", "origin_duration": "18ms"},
        ),
        (
            "2026-06-05 12:00:00,123 INFO 192.0.2.7 a.example GET /p 200 512 130ms",
            {"time": "2026-06-05 12:00:00,123", "url": "/p", "duration": "130ms"},
        ),
    ],
)
def test_other_programs_write_other_tokens(line: str, expected: dict[str, str]) -> None:
    """Names and units are theirs; whether a stamp is an end, they do not say."""
    pattern, read = found(line)

    assert read | expected == read
    assert pattern.time_is == ""


@pytest.mark.parametrize(
    "line", ["hello", "GET /p 200", "[05/Jun/2026:12:00:00 +0000] started", "1,2"]
)
def test_what_is_no_request_has_no_pattern(line: str) -> None:
    """A time without a request, or a request without a time."""
    assert line_pattern([line]) is None


def test_two_numbers_that_are_no_parts_are_not_guessed() -> None:
    """What the origin took is within what the request took."""
    pattern, read = found(f"{TAIL} 0.130 0.500")

    assert "duration" not in read
    assert pattern.units == {}


def test_a_line_of_another_kind_does_no_harm() -> None:
    """It has no time, so it is no entry."""
    alone = line_pattern([TAIL])
    among = line_pattern(["Log opened", TAIL, "", "rubbish"])

    assert alone is not None
    assert among == alone


def test_the_last_number_behind_the_user_agent_is_apaches() -> None:
    """%D is in microseconds, and its stamps are starts."""
    pattern, read = found(f"{TAIL} 130250")

    assert read["duration"] == "130250"
    assert (pattern.units["duration"], pattern.time_is) == ("us", "start")


def test_a_last_number_that_may_be_of_any_unit_is_not_read() -> None:
    """It is said."""
    pattern, read = found(f"{COMBINED} 130")

    assert "duration" not in read
    assert "Tomcat" in pattern.assumptions[0]


def test_names_may_come_in_another_order_or_not_at_all() -> None:
    """Where no log_format of nginx fixes it."""
    lines = [
        "ts=2026-06-05T12:00:00Z method=GET path=/a status=200 host=a.example",
        "path=/b ts=2026-06-05T12:00:01Z method=GET status=200",
    ]
    pattern = line_pattern(lines)

    assert pattern is not None
    matches = [re.match(pattern.pattern, line) for line in lines]
    assert [one and one["url"] for one in matches] == ["/a", "/b"]
    assert [one and one["host"] for one in matches] == ["a.example", None]


def test_a_name_that_holds_something_else_is_no_time() -> None:
    """Heroku's `at` says how grave a line is."""
    line = '2026-06-05T12:00:00Z r: at=info path="/p" method=GET host=a.example'

    assert found(line)[1]["time"] == "2026-06-05T12:00:00Z"
