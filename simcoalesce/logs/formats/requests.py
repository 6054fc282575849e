"""Our own requests.csv."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from simcoalesce.logs.log_format import Names, TableFormat


class RequestsLog(TableFormat):
    """The table of a run: instants of the run to the nanosecond."""

    kind: ClassVar[str] = "requests"
    precedence: ClassVar[int] = 30
    expects: ClassVar[str] = "requests of a run of simcoalesce (requests.csv)"
    source: ClassVar[str] = "simcoalesce/report/exports/table.py, read 2026-11-30"
    example: ClassVar[str] = (
        ""
        "request,key,location,isolate,arrived_at_s,completed_at_s,latency_s,status,lookup,"
        "role,served_by,age_s,attempts\n"
        "0,/p/1,fra,4,0.0,0.13,0.13,200,miss,leader,origin,,1"
    )
    delimiter: ClassVar[str] = ","
    is_guarded: ClassVar[bool] = True
    since_start: ClassVar[tuple[str, ...]] = ("arrived_at_s",)
    required: ClassVar[tuple[str, ...]] = ("time", "key", "duration")
    columns: ClassVar[Mapping[str, Names]] = MappingProxyType(
        {
            "time": "arrived_at_s",
            "duration": "latency_s",
            "key": "key",
            "status": "status",
            "cache": "lookup",
            "method": "method",
            "location": "location",
            "isolate": "isolate",
        }
    )
