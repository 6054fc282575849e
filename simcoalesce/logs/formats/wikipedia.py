"""Wikipedia's cache traces of 2019."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from simcoalesce.logs.log_format import Names, TableFormat


class Wikipedia(TableFormat):
    """Seconds since the trace's start; keys are hashed; reads alone."""

    kind: ClassVar[str] = "wikipedia"
    precedence: ClassVar[int] = 30
    expects: ClassVar[str] = "a cache trace of Wikipedia (2019)"
    source: ClassVar[str] = (
        "wikitech.wikimedia.org/wiki/Analytics/Data_Lake/Traffic/Caching:"
        " relative_unix,"
        " time_firstbyte in seconds, read 2026-11-30"
    )
    example: ClassVar[str] = (
        "relative_unix\thashed_host_path_query\tresponse_size\ttime_firstbyte\n"
        "0\t-1749384751\t10424\t0.000120"
    )
    delimiter: ClassVar[str] = "\t"
    required: ClassVar[tuple[str, ...]] = ("time", "key", "duration")
    columns: ClassVar[Mapping[str, Names]] = MappingProxyType(
        {
            "time": "relative_unix",
            "duration": "time_firstbyte",
            "key": ("hashed_host_path_query", "hashed_path_query"),
        }
    )
