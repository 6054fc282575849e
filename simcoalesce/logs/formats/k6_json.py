"""k6's points as JSON."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from simcoalesce.logs.log_format import JsonFormat, Names


class K6Json(JsonFormat):
    """A request is a point of http_req_duration: the stamp is its end."""

    kind: ClassVar[str] = "k6_json"
    precedence: ClassVar[int] = 30
    expects: ClassVar[str] = "points of k6 as JSON (k6 run --out json)"
    source: ClassVar[str] = (
        "grafana.com/docs/k6/latest/results-output/real-time/json: a point's time is"
        " that of"
        " the sample, taken when a request has ended, read 2026-11-30"
    )
    example: ClassVar[str] = (
        '{"metric":"http_req_duration","type":"Point","data":{"time":'
        '"2026-06-05T12:00:00.130Z","value":130,"tags":{"method":"GET","name":"/p/1",'
        '"status":"200","url":"https://shop.example/p/1"}}}'
    )
    time_is: ClassVar[str] = "end"
    duration_unit: ClassVar[str] = "ms"
    ignores: ClassVar[str] = r'.*"type":\s*"Metric"'
    only: ClassVar[Mapping[str, tuple[str, ...]]] = MappingProxyType(
        {"metric": ("http_req_duration",)}
    )
    required: ClassVar[tuple[str, ...]] = ("time", "metric", "duration")
    paths: ClassVar[Mapping[str, Names]] = MappingProxyType(
        {
            "time": "data.time",
            "duration": "data.value",
            "metric": "metric",
            "method": "data.tags.method",
            "url": ("data.tags.url", "data.tags.name"),
            "status": "data.tags.status",
        }
    )
