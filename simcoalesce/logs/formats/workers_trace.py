"""Trace events of Cloudflare Workers, as Logpush delivers them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from simcoalesce.logs.log_format import JsonFormat, Names


class WorkersTrace(JsonFormat):
    """Stamps of a millisecond, when the event was received: the start."""

    kind: ClassVar[str] = "workers_trace"
    precedence: ClassVar[int] = 30
    expects: ClassVar[str] = "trace events of Cloudflare Workers"
    source: ClassVar[str] = (
        "developers.cloudflare.com/logs/logpush/logpush-job/datasets/account/"
        "workers_trace_events: EventTimestampMs, WallTimeMs, read 2026-11-30"
    )
    example: ClassVar[str] = (
        '{"EventTimestampMs":1780660800000,"EventType":"fetch","Outcome":"ok",'
        '"ScriptName":"shop","WallTimeMs":130,"Event":{"Request":{"Method":"GET",'
        '"URL":"https://shop.example/p/1"},"Response":{"Status":200}}}'
    )
    ignores: ClassVar[str] = r'(?!.*"[Uu](?:RL|rl)")'
    required: ClassVar[tuple[str, ...]] = ("time", "url")
    paths: ClassVar[Mapping[str, Names]] = MappingProxyType(
        {
            "time": ("EventTimestampMs", "eventTimestamp"),
            "duration": ("WallTimeMs", "wallTimeMs"),
            "method": ("Event.Request.Method", "event.request.method"),
            "url": ("Event.Request.URL", "event.request.url"),
            "status": ("Event.Response.Status", "event.response.status"),
        }
    )
