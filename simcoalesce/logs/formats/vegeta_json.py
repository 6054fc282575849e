"""Results of vegeta as JSON."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from simcoalesce.logs.log_format import JsonFormat, Names


class VegetaJson(JsonFormat):
    """Stamps of a nanosecond, of the start; the latency is in nanoseconds."""

    kind: ClassVar[str] = "vegeta_json"
    precedence: ClassVar[int] = 30
    expects: ClassVar[str] = "results of vegeta as JSON (vegeta encode)"
    source: ClassVar[str] = (
        "github.com/tsenart/vegeta, lib/results.go: End is Timestamp + Latency, read"
        " 2026-11-30"
    )
    example: ClassVar[str] = (
        '{"attack":"","seq":0,"code":200,"timestamp":"2026-06-05T12:00:00.000000001Z",'
        '"latency":130000000,"bytes_out":0,"bytes_in":512,"error":"","method":"GET",'
        '"url":"https://shop.example/p/1"}'
    )
    duration_unit: ClassVar[str] = "ns"
    required: ClassVar[tuple[str, ...]] = ("time", "duration", "seq")
    paths: ClassVar[Mapping[str, Names]] = MappingProxyType(
        {
            "time": "timestamp",
            "duration": "latency",
            "method": "method",
            "url": "url",
            "status": "code",
            "seq": "seq",
        }
    )
