"""Which lines count."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from simcoalesce.logs.log import Log
from simcoalesce.logs.where import Where

LogOf = Callable[..., Log]
WHERE: TypeAdapter[Any] = TypeAdapter(Where)
LINES = "".join(
    f'{host} h - - [05/Jun/2026:12:00:0{i} +0000] "{line} HTTP/1.1" {status} 1\n'
    for i, (host, line, status) in enumerate(
        [
            ("a.example", "GET /x?a=1", 200),
            ("b.example", "GET /y", 404),
            ("a.example", "POST /x", 201),
            ("a.example", "HEAD /z.css", 304),
        ]
    )
)


@pytest.mark.parametrize(
    ("where", "kept"),
    [
        ({"method": "GET"}, [0, 1]),
        ({"method": ["GET", "HEAD"]}, [0, 1, 3]),
        ({"method": "!POST"}, [0, 1, 3]),
        ({"status": 200}, [0]),
        ({"status": "<400"}, [0, 2, 3]),
        ({"status": [200, "3xx"]}, [0, 3]),
        ({"status": ["2xx", "!201"]}, [0]),
        ({"host": "a.*", "method": "GET"}, [0]),
        ({"path": "/x"}, [0, 2]),
        ({"uri": ["*.css", "/y"]}, [1, 3]),
    ],
)
def test_fields_say_which_requests_count(
    log_of: LogOf, where: dict[str, Any], kept: list[int]
) -> None:
    """All of the fields must be as said; a part of a URL is a field too."""
    log = log_of(LINES, where=where)

    assert (log.at_ns // 10**9 % 60).tolist() == kept


def test_what_is_left_out_is_counted_by_reason(log_of: LogOf) -> None:
    """And said; a request counts once, at the first word that leaves it out."""
    log = log_of(LINES, where={"method": "GET", "status": "2xx"})

    assert dict(log.left_out) == {"where method": 2, "where status": 1}
    assert log.warnings == (
        "a.log: of 4 requests are left out: 2 by where method, 1 by where status",
    )


def test_any_field_of_a_file_can_be_named(log_of: LogOf) -> None:
    """A column, a path of JSON, a group of a pattern."""
    lines = [f'{{"time": {i}, "url": "/", "a": {{"b": "{i}"}}}}\n' for i in range(3)]

    assert log_of("".join(lines), where={"a.b": 2}).at_ns.tolist() == [2 * 10**9]
    assert len(log_of("t_s,url,k\n1,/,x\n2,/,y\n", where={"k": "x"})) == 1


def test_an_unknown_field_is_refused(log_of: LogOf) -> None:
    """The message lists those that are there."""
    with pytest.raises(ValueError, match=r'no field "hots" \(there are: host, time'):
        log_of(LINES, where={"hots": "a"})


def test_nothing_left_is_no_verdict(log_of: LogOf) -> None:
    """The log is empty, and says why."""
    log = log_of(LINES, where={"method": "PUT"})

    assert len(log) == 0
    assert log.no_verdict == "a.log: where method leaves none of 4 requests"


@pytest.mark.parametrize("where", ["GET", {"a": []}, {"a": [None]}, {"status": "<x"}])
def test_what_is_no_condition_is_refused(where: Any) -> None:
    """The message shows one."""
    with pytest.raises(ValidationError, match=r"write|compares"):
        WHERE.validate_python(where)


def test_conditions_are_written_as_they_were_read() -> None:
    """What a document says can be read again."""
    where = {"method": "GET", "status": ["2xx", "<400"]}

    assert WHERE.dump_python(WHERE.validate_python(where)) == where
