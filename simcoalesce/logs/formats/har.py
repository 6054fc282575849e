"""HTTP archives, as browsers save them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from simcoalesce.logs.log_format import JsonFormat, Names


class Har(JsonFormat):
    """Stamps of a millisecond, of the start; the time is in ms."""

    kind: ClassVar[str] = "har"
    precedence: ClassVar[int] = 30
    expects: ClassVar[str] = "an HTTP archive (HAR)"
    source: ClassVar[str] = (
        "www.softwareishard.com/blog/har-12-spec: startedDateTime, time in ms, read"
        " 2026-11-30"
    )
    example: ClassVar[str] = (
        '{"startedDateTime":"2026-06-05T12:00:00.000Z","time":130,"request":'
        '{"method":"GET","url":"https://shop.example/p/1"},"response":{"status":200}}'
    )
    duration_unit: ClassVar[str] = "ms"
    required: ClassVar[tuple[str, ...]] = ("time", "url")
    paths: ClassVar[Mapping[str, Names]] = MappingProxyType(
        {
            "time": "startedDateTime",
            "duration": "time",
            "method": "request.method",
            "url": "request.url",
            "status": "response.status",
        }
    )
