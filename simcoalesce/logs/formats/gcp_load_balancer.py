"""Google Cloud's load balancer and CDN, as Cloud Logging exports it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from simcoalesce.logs.log_format import JsonFormat, Names


class GcpLoadBalancer(JsonFormat):
    """Stamps of a microsecond, of the event: taken as the start."""

    kind: ClassVar[str] = "gcp_load_balancer"
    precedence: ClassVar[int] = 30
    expects: ClassVar[str] = "a log of Google Cloud's load balancer"
    source: ClassVar[str] = (
        "cloud.google.com/load-balancing/docs/https/https-logging-monitoring and"
        " cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry, read 2026-11-30"
    )
    example: ClassVar[str] = (
        ""
        '{"timestamp":"2026-06-05T12:00:00.000000Z","httpRequest":{"requestMethod":"GET",'
        '"requestUrl":"https://shop.example/p/1","status":200,"latency":"0.130000s"},'
        '"jsonPayload":{"statusDetails":"response_sent_by_backend"}}'
    )
    assumes: ClassVar[str] = (
        "its stamps are taken as starts: the documentation says the time of the event"
    )
    required: ClassVar[tuple[str, ...]] = ("time", "url", "cache")
    paths: ClassVar[Mapping[str, Names]] = MappingProxyType(
        {
            "time": "timestamp",
            "duration": "httpRequest.latency",
            "method": "httpRequest.requestMethod",
            "url": "httpRequest.requestUrl",
            "status": "httpRequest.status",
            "cache": ("jsonPayload.statusDetails", "json_payload.statusDetails"),
        }
    )
