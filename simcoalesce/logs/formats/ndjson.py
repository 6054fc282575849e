"""NDJSON: an object in each line, of fields that names and values tell."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec
from typing_extensions import override

from simcoalesce.logs.general_layout import (
    by_name,
    chosen_fields,
    flat,
    with_choice,
)
from simcoalesce.logs.json_parser import JsonParser
from simcoalesce.logs.layout import FieldWords, Layout
from simcoalesce.logs.log_format import JsonFormat


class Ndjson(JsonFormat):
    """Fields of any names, also within objects; known names and their values tell.

    A number is seconds since 1970 below 10^11, then milliseconds, microseconds from
    10^14 and nanoseconds from 10^17 on. A text without an offset is UTC.
    """

    kind: ClassVar[str] = "ndjson"
    precedence: ClassVar[int] = 900
    expects: ClassVar[str] = "NDJSON, an object in each line"
    source: ClassVar[str] = "github.com/ndjson/ndjson-spec, read 2026-11-30"
    example: ClassVar[str] = (
        '{"time": "2026-06-05T12:00:00.250Z", "method": "GET", "url": "/p/1",'
        ' "status": 200, "duration_ms": 130}'
    )

    @classmethod
    @override
    def recognised_ratio(cls, lines: Sequence[str]) -> float:
        return len(_objects(lines)) / max(len(lines), 1)

    @classmethod
    @override
    def layout(cls, lines: Sequence[str], words: FieldWords) -> Layout:
        tables = _objects(lines)
        rows = [flat(table) for table in tables]
        # Without an object, each line is bad for a reason of its own.
        samples = by_name(rows) or {"time": []}
        choice = chosen_fields(samples, words.fields, "fields")
        if any("key" in table for table in tables):
            choice.fields.setdefault("key", "key")
        required = {name for name in ("time", *words.fields) if name in choice.fields}
        parser = JsonParser(
            fields=choice.fields,
            expects=cls.expects,
            required=frozenset(required),
        )
        used = set(choice.fields.values())
        others = tuple(name for name in by_name(rows) if name not in used)
        layout = Layout(cls.kind, parser, others=others)
        return with_choice(layout, choice)


def _objects(lines: Sequence[str]) -> list[dict[str, object]]:
    decode = msgspec.json.Decoder(float_hook=str).decode
    found = []
    for line in lines:
        try:
            table = decode(line)
        except (msgspec.DecodeError, RecursionError):
            continue
        if isinstance(table, dict):
            found.append(table)
    return found
