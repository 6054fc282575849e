"""Traces of requests to Wikipedia (2007)."""

from typing import ClassVar

from simcoalesce.logs.log_format import TextFormat


class Wikipedia2007(TextFormat):
    """Stamps of a millisecond; reads and saves alike."""

    kind: ClassVar[str] = "wikipedia_2007"
    precedence: ClassVar[int] = 30
    expects: ClassVar[str] = "a request trace of Wikipedia (2007)"
    shape: ClassVar[str] = "counter time URL save-flag"
    source: ClassVar[str] = "www.wikibench.eu/wiki, traces, read 2026-11-30"
    example: ClassVar[str] = "929840853 1190146243.303 http://en.wikipedia.org/wiki/A -"
    pattern: ClassVar[str] = (
        r"\d+ (?P<time>\d{9,10}\.\d+) (?P<url>https?://\S+) (?P<flag>-|save)"
    )
