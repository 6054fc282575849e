"""JSON documents: a file that is one value, or values over many lines, as lines.

Exports are often an array (`gcloud --format=json`), an object around one (HAR), or
objects that are indented one after the other (`jq .`).
"""

import re
from collections.abc import Iterator
from typing import Any, Final

import msgspec

_DEPTH: Final = 3
_LONGEST_TEXT: Final = 2_000
_ARRAY: Final = re.compile(rb"\s*\[\s*\{")
_OBJECT: Final = re.compile(rb"\s*\{")
_BEGIN: Final = re.compile(rb"^\{", re.MULTILINE)
_END: Final = re.compile(rb"^\}", re.MULTILINE)


def is_document(head: bytes) -> bool:
    """Whether a file that starts so is JSON that is not one object a line."""
    if _ARRAY.match(head):
        return True
    if not _OBJECT.match(head):
        return False
    first, mark, rest = head.lstrip().partition(b"\n")
    try:
        table = msgspec.json.decode(first)
    except RecursionError:
        return False
    except msgspec.DecodeError:
        # Indented, it goes on in the next line; a wide one is cut off here.
        is_indented = rest[:1] in {b" ", b"\t", b'"', b"\r"}
        return is_indented if mark else b"[{" in first.replace(b" ", b"")
    return isinstance(table, dict) and _is_archive(table)


class _Wrapped(msgspec.Struct):
    """A line of a container, as Docker keeps it."""

    log: str
    stream: str
    time: str


_WRAPPED: Final = msgspec.json.Decoder(_Wrapped)


def is_wrapped(head: bytes) -> bool:
    """Whether a file that starts so holds what containers wrote, line by line.

    Source:
        docs.docker.com/engine/logging/drivers/json-file, read 2026-11-30.
    """
    return all(
        _inner(line) is not None for line in head.split(b"\n", 2)[:2] if line.strip()
    ) and head.startswith(b"{")


def unwrapped(content: bytes) -> bytes:
    """Return what containers wrote; a line that is of another kind stays as it is."""
    inner = (_inner(line) for line in content.split(b"\n"))
    pairs = zip(inner, content.split(b"\n"), strict=True)
    return b"\n".join(line if found is None else found for found, line in pairs)


def _inner(line: bytes) -> bytes | None:
    try:
        return _WRAPPED.decode(line).log.replace("\n", " ").strip().encode()
    except (msgspec.DecodeError, RecursionError):
        return None


def _is_archive(table: dict[str, Any]) -> bool:
    log = table.get("log")
    return isinstance(log, dict) and isinstance(log.get("entries"), list)


def document_lines(content: bytes, longest: int) -> list[bytes]:
    """Return the objects of a document, each in a line.

    Args:
        content: Of the whole file.
        longest: How long a line may be; of an object that is longer, long texts are
            left out.

    Raises:
        ValueError: If it is no JSON.
    """
    try:
        found = _objects(_decoded(content))
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    except msgspec.DecodeError as error:
        parts = list(_whole_objects(content))
        if not parts:
            raise ValueError(f"it is no JSON: {error}") from error
        try:
            found = [_decoded(part) for part in parts]
        except msgspec.DecodeError as inner:
            raise ValueError(f"it is no JSON: {inner}") from inner
    return [_line(one, longest) for one in found]


def _whole_objects(content: bytes) -> Iterator[bytes]:
    """Yield what stands from a brace at the left margin to the next one that closes."""
    begin = _BEGIN.search(content)
    while begin and (end := _END.search(content, begin.end())):
        yield content[begin.start() : end.end()]
        begin = _BEGIN.search(content, end.end())


def _line(value: Any, longest: int) -> bytes:
    line = msgspec.json.encode(value)
    return line if len(line) <= longest else msgspec.json.encode(_without_texts(value))


def _without_texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_texts(one) for name, one in value.items()}
    is_long = isinstance(value, str) and len(value) > _LONGEST_TEXT
    return None if is_long or isinstance(value, list) else value


def _objects(document: Any) -> list[Any]:
    """Return the longest list of objects in a document; else the document itself."""
    lists = sorted(_lists(document, _DEPTH), key=len)
    return lists[-1] if lists else [document]


def _lists(value: Any, depth: int) -> Iterator[list[Any]]:
    if isinstance(value, list):
        if value and all(isinstance(one, dict) for one in value):
            yield value
    elif isinstance(value, dict) and depth:
        for one in value.values():
            yield from _lists(one, depth - 1)


def _decoded(content: bytes) -> Any:
    # Numbers with a point stay as they are written, to their last digit.
    return msgspec.json.Decoder(float_hook=str).decode(content)
