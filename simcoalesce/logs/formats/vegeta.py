"""vegeta's results as CSV."""

from typing import ClassVar

from simcoalesce.logs.log_format import TextFormat


class Vegeta(TextFormat):
    """Stamps and latencies in nanoseconds; of the start."""

    kind: ClassVar[str] = "vegeta"
    precedence: ClassVar[int] = 30
    expects: ClassVar[str] = "results of vegeta as CSV (vegeta encode --to csv)"
    shape: ClassVar[str] = (
        "time,code,latency,out,in,error,body,attack,number,METHOD,URL"
    )
    source: ClassVar[str] = (
        "github.com/tsenart/vegeta, lib/results.go: NewCSVEncoder, read 2026-11-30"
    )
    example: ClassVar[str] = (
        "1780660800000000001,200,130000000,0,512,,,,0,GET,https://shop.example/p/1,"
    )
    duration_unit: ClassVar[str] = "ns"
    pattern: ClassVar[str] = (
        r"(?P<time>\d{19}),(?P<status>\d{1,3}),(?P<duration>\d+),\d+,\d+,"
        r'(?:"(?:[^"]|"")*"|[^,]*),[A-Za-z0-9+/=]*,[^,]*,\d+'
        r"(?:,(?P<method>[A-Z]+),(?P<url>[^,]*))?"
    )
