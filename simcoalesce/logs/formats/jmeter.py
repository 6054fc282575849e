"""JMeter's results as CSV."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from simcoalesce.logs.log_format import Names, TableFormat


class Jmeter(TableFormat):
    """Stamps of a millisecond, of the start, as bin/jmeter.properties has it."""

    kind: ClassVar[str] = "jmeter"
    precedence: ClassVar[int] = 30
    expects: ClassVar[str] = "results of JMeter (JTL as CSV)"
    source: ClassVar[str] = (
        "jmeter.apache.org/usermanual/listeners.html and bin/jmeter.properties:"
        " sampleresult.timestamp.start=true, elapsed in ms, read 2026-11-30"
    )
    example: ClassVar[str] = (
        "timeStamp,elapsed,label,responseCode,responseMessage,threadName,success,URL\n"
        "1780660800000,130,product,200,OK,Users 1-1,true,https://shop.example/p/1"
    )
    duration_unit: ClassVar[str] = "ms"
    assumes: ClassVar[str] = (
        "its stamps are starts, unless sampleresult.timestamp.start is false"
    )
    required: ClassVar[tuple[str, ...]] = ("time", "duration", "url")
    columns: ClassVar[Mapping[str, Names]] = MappingProxyType(
        {
            "time": "timeStamp",
            "duration": "elapsed",
            "url": ("URL", "label"),
            "status": "responseCode",
        }
    )
