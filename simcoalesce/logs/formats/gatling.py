"""Gatling's simulation.log as text."""

from typing import ClassVar

from simcoalesce.logs.log_format import TextFormat


class Gatling(TextFormat):
    """Stamps of a millisecond, of the start; a request has a name and no URL."""

    kind: ClassVar[str] = "gatling"
    precedence: ClassVar[int] = 30
    expects: ClassVar[str] = "a simulation.log of Gatling (text, before 3.11)"
    shape: ClassVar[str] = "REQUEST, groups, name, start, end, OK, between tabs"
    source: ClassVar[str] = (
        "github.com/gatling/gatling, LogFileData.scala (3.9), read 2026-11-30"
    )
    example: ClassVar[str] = "REQUEST\t\tproduct\t1780660800000\t1780660800130\tOK\t "
    ignores: ClassVar[str] = r"(?!REQUEST\t)"
    pattern: ClassVar[str] = (
        r"REQUEST\t(?:[^\t]*\t){1,3}?(?P<key>[^\t]+)\t(?P<time>\d{13})"
        r"\t\d{13}\t(?:OK|KO)"
    )
