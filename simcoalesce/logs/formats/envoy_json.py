"""Envoy's access log as JSON, as Istio writes it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from simcoalesce.logs.log_format import JsonFormat, Names


class EnvoyJson(JsonFormat):
    """Stamps of a millisecond, of the start; durations are in ms."""

    kind: ClassVar[str] = "envoy_json"
    precedence: ClassVar[int] = 30
    expects: ClassVar[str] = "an access log of Envoy as JSON"
    source: ClassVar[str] = (
        "istio.io/latest/docs/tasks/observability/logs/access-log (JSON encoding) and"
        " envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage,"
        " read 2026-11-30"
    )
    example: ClassVar[str] = (
        '{"start_time":"2026-06-05T12:00:00.000Z","method":"GET","path":"/p/1",'
        '"authority":"shop.example","response_code":200,"duration":130,'
        '"upstream_service_time":"129","response_flags":"-"}'
    )
    duration_unit: ClassVar[str] = "ms"
    required: ClassVar[tuple[str, ...]] = ("time", "uri", "status")
    paths: ClassVar[Mapping[str, Names]] = MappingProxyType(
        {
            "time": "start_time",
            "duration": "duration",
            "origin_duration": (
                "upstream_service_time",
                "x_envoy_upstream_service_time",
            ),
            "method": ("method", "x_envoy_original_method"),
            "host": ("authority", ":authority"),
            "uri": ("path", "x_envoy_original_path"),
            "status": "response_code",
        }
    )
