"""IIS's W3C extended log."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from simcoalesce.logs.log_format import Names, TableFormat


class Iis(TableFormat):
    """Stamps of one second, of the end, in UTC; the time taken is in ms."""

    kind: ClassVar[str] = "iis"
    precedence: ClassVar[int] = 31
    expects: ClassVar[str] = "a W3C log of IIS"
    source: ClassVar[str] = (
        "learn.microsoft.com/windows/win32/http/w3c-logging: date and time in UTC,"
        " time-taken in ms, read 2026-11-30"
    )
    example: ClassVar[str] = (
        "#Software: Microsoft Internet Information Services 10.0\n"
        "#Fields: date time cs-method cs-host cs-uri-stem cs-uri-query sc-status"
        " time-taken\n"
        "2026-06-05 12:00:00 GET shop.example /p/1 - 200 130"
    )
    delimiter: ClassVar[str] = " "
    time_is: ClassVar[str] = "end"
    duration_unit: ClassVar[str] = "ms"
    required: ClassVar[tuple[str, ...]] = ("time", "path")
    columns: ClassVar[Mapping[str, Names]] = MappingProxyType(
        {
            "time": "{date} {time}",
            "duration": "time-taken",
            "method": "cs-method",
            "host": ("cs-host", "cs(Host)"),
            "path": "cs-uri-stem",
            "query": "cs-uri-query",
            "status": "sc-status",
        }
    )
