"""CloudFront's standard logs."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from simcoalesce.logs.log_format import Names, TableFormat


class Cloudfront(TableFormat):
    """Stamps of one second, of the end, in UTC; the time taken is in seconds."""

    kind: ClassVar[str] = "cloudfront"
    precedence: ClassVar[int] = 30
    expects: ClassVar[str] = "a standard log of CloudFront"
    source: ClassVar[str] = (
        "docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/"
        "standard-logs-reference.md: time is when the server finished responding,"
        " time-taken in seconds, read 2026-11-30"
    )
    example: ClassVar[str] = (
        "#Version: 1.0\n"
        "#Fields: date time x-edge-location cs-method cs(Host) cs-uri-stem sc-status"
        " cs-uri-query x-edge-result-type time-taken\n"
        "2026-06-05\t12:00:00\tFRA2\tGET\tshop.example\t/p/1\t200\t-\tMiss\t0.130"
    )
    delimiter: ClassVar[str] = "\t"
    time_is: ClassVar[str] = "end"
    required: ClassVar[tuple[str, ...]] = ("time", "location", "duration")
    columns: ClassVar[Mapping[str, Names]] = MappingProxyType(
        {
            "time": "{date} {time}",
            "duration": "time-taken",
            "method": "cs-method",
            "host": ("x-host-header", "cs(Host)"),
            "path": "cs-uri-stem",
            "query": "cs-uri-query",
            "status": "sc-status",
            "cache": "x-edge-result-type",
            "location": "x-edge-location",
        }
    )
