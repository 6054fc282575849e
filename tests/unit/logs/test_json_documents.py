"""JSON that is not one object a line."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from simcoalesce.logs.json_documents import (
    document_lines,
    is_document,
    is_wrapped,
    unwrapped,
)
from simcoalesce.logs.log import Log

LogOf = Callable[..., Log]
ENTRIES: list[dict[str, Any]] = [
    {"time": "2026-06-05T12:00:00Z", "url": "/a", "n": 1.25},
    {"time": "2026-06-05T12:00:01Z", "url": "/b\nc", "n": 2},
]
DOCUMENTS = [
    json.dumps(ENTRIES),
    json.dumps(ENTRIES, indent=2),
    json.dumps({"log": {"version": "1.2", "entries": ENTRIES}}),
    json.dumps({"log": {"version": "1.2", "entries": ENTRIES}}, indent=1),
    "\n".join(json.dumps(one, indent=4) for one in ENTRIES),
    json.dumps({"meta": {"count": 2}, "hits": {"hits": ENTRIES}}, indent=1),
]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_objects_of_a_document_are_its_lines(document: str) -> None:
    """Of an array, of the longest list within an object, or one after the other."""
    content = document.encode()

    lines = document_lines(content, longest=1_000)

    assert is_document(content)
    assert [json.loads(line)["url"] for line in lines] == ["/a", "/b\nc"]
    assert not any(b"\n" in line for line in lines)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_document_is_read_as_a_log(log_of: LogOf, document: str) -> None:
    """Whatever it is called."""
    log = log_of(document)

    assert [target.uri for target in log.targets] == ["/a", "/b\nc"]
    assert log.from_start_ns.tolist() == [0, 10**9]


@pytest.mark.parametrize(
    "head",
    [
        b'{"time": 1}\n{"time": 2}\n',
        b'{"time": 1}',
        b'{"log": {"level": "info"}}\n',
        b'{"time": 1, "ur\n{"time": 2}\n',
        b"{\n",
        b'[2026-06-05T12:00:00Z] "GET / HTTP/2" 200',
        b"t_s,key\n",
        b"",
        b'{"time": ' + b"[" * 60_000,
    ],
)
def test_lines_are_no_document(head: bytes) -> None:
    """Each object stands for itself."""
    assert not is_document(head)


def test_the_long_texts_of_a_long_object_are_left_out() -> None:
    """An archive may hold whole pages; the request is what counts."""
    entry = {"time": 1, "page": {"text": "x" * 5_000, "url": "/a", "list": [1]}}
    (line,) = document_lines(json.dumps([entry]).encode(), longest=1_000)

    assert json.loads(line) == {
        "time": 1,
        "page": {"text": None, "url": "/a", "list": None},
    }


@pytest.mark.parametrize("content", [b'[{"a": 1', b'{\n"a": x\n}\n', b"[{" * 60_000])
def test_what_is_broken_is_refused(content: bytes) -> None:
    """A document cannot be read in part."""
    with pytest.raises(ValueError, match=r"no JSON|nested too deeply"):
        document_lines(content, longest=1_000)


COMBINED = 'h - - [05/Jun/2026:12:00:00 +0000] "GET /a HTTP/1.1" 200 1'
DOCKER = json.dumps({"log": f"{COMBINED}\n", "stream": "stdout", "time": "x"})


def test_what_a_container_wrote_is_read(log_of: LogOf) -> None:
    """Docker keeps each line in an object."""
    log = log_of(f"{DOCKER}\n{DOCKER}\n")

    assert (log.format, len(log), log.bad) == ("combined", 2, 0)
    assert [target.uri for target in log.targets] == ["/a"]


def test_a_line_that_is_not_wrapped_stays_as_it_is() -> None:
    """Its number is the same."""
    content = f"{DOCKER}\nplain\n".encode()

    assert unwrapped(content) == f"{COMBINED}\nplain\n".encode()


@pytest.mark.parametrize("head", [b"", b"t_s\n1\n", b'{"log": "x"}\n{"log": "y"}'])
def test_other_lines_are_not_wrapped(head: bytes) -> None:
    """Docker's objects have three fields."""
    assert not is_wrapped(head)
