"""Our own events.ndjson."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from simcoalesce.logs.log_format import JsonFormat, Names


class EventsLog(JsonFormat):
    """A request is its answer: the end, and the latency that leads to the start."""

    kind: ClassVar[str] = "events"
    precedence: ClassVar[int] = 30
    expects: ClassVar[str] = "events of a run of simcoalesce (events.ndjson)"
    source: ClassVar[str] = "simcoalesce/report/exports/events.py, read 2026-11-30"
    example: ClassVar[str] = (
        '{"at_s": 0.13, "event": "request_answered", "request": 0, "key": "/p/1",'
        ' "location": "fra", "isolate": 4, "status": 200, "latency_s": 0.13,'
        ' "lookup": "miss", "role": "leader", "served_by": "origin", "attempts": 1}'
    )
    time_is: ClassVar[str] = "end"
    since_start: ClassVar[tuple[str, ...]] = ("at_s",)
    only: ClassVar[Mapping[str, tuple[str, ...]]] = MappingProxyType(
        {"event": ("request_answered",)}
    )
    required: ClassVar[tuple[str, ...]] = ("time", "event", "key")
    paths: ClassVar[Mapping[str, Names]] = MappingProxyType(
        {
            "time": "at_s",
            "duration": "latency_s",
            "event": "event",
            "key": "key",
            "status": "status",
            "cache": "lookup",
            "method": "method",
            "location": "location",
            "isolate": "isolate",
        }
    )
