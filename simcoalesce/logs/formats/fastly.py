"""Fastly's logs in the JSON of its documentation."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from simcoalesce.logs.log_format import JsonFormat, Names


class Fastly(JsonFormat):
    """Stamps of one second, of the start."""

    kind: ClassVar[str] = "fastly"
    precedence: ClassVar[int] = 30
    expects: ClassVar[str] = "a log of Fastly as JSON"
    source: ClassVar[str] = (
        "docs.fastly.com/en/guides/useful-log-formats (JSON, time.start) and"
        " developer.fastly.com/reference/vcl/variables/miscellaneous/fastly-info-state,"
        " read 2026-11-30"
    )
    example: ClassVar[str] = (
        '{"timestamp":"2026-06-05T12:00:00+0000","host":"shop.example","url":"/p/1",'
        '"request_method":"GET","response_state":"MISS-CLUSTER","response_status":200,'
        '"fastly_server":"cache-fra1"}'
    )
    required: ClassVar[tuple[str, ...]] = ("time", "url", "cache")
    paths: ClassVar[Mapping[str, Names]] = MappingProxyType(
        {
            "time": "timestamp",
            "method": "request_method",
            "host": "host",
            "url": "url",
            "status": "response_status",
            "cache": ("response_state", "fastly_info.state"),
        }
    )
