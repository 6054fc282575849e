"""k6's samples as CSV."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from simcoalesce.logs.log_format import Names, TableFormat


class K6(TableFormat):
    """A request is a sample of http_req_duration: the stamp is its end."""

    kind: ClassVar[str] = "k6"
    precedence: ClassVar[int] = 30
    expects: ClassVar[str] = "samples of k6 as CSV (k6 run --out csv)"
    source: ClassVar[str] = (
        "grafana.com/docs/k6/latest/results-output/real-time/csv: a sample's"
        " timestamp is"
        " taken when a request has ended, values in ms, read 2026-11-30"
    )
    example: ClassVar[str] = (
        "metric_name,timestamp,metric_value,method,name,status,url\n"
        "http_reqs,1780660800,1,GET,/p/1,200,https://shop.example/p/1\n"
        "http_req_duration,1780660800,130.5,GET,/p/1,200,https://shop.example/p/1"
    )
    delimiter: ClassVar[str] = ","
    time_is: ClassVar[str] = "end"
    duration_unit: ClassVar[str] = "ms"
    required: ClassVar[tuple[str, ...]] = ("time", "metric", "duration")
    only: ClassVar[Mapping[str, tuple[str, ...]]] = MappingProxyType(
        {"metric": ("http_req_duration",)}
    )
    columns: ClassVar[Mapping[str, Names]] = MappingProxyType(
        {
            "time": "timestamp",
            "duration": "metric_value",
            "metric": "metric_name",
            "method": "method",
            "url": ("url", "name"),
            "status": "status",
        }
    )
