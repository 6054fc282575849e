"""Twitter's cache traces (twemcache)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from simcoalesce.logs.log_format import TextFormat


class Twitter(TextFormat):
    """Seconds since the trace's start; keys are anonymous; only gets are requests."""

    kind: ClassVar[str] = "twitter"
    precedence: ClassVar[int] = 30
    expects: ClassVar[str] = "a cache trace of Twitter"
    shape: ClassVar[str] = "second,key,key size,value size,client,operation,ttl"
    source: ClassVar[str] = "github.com/twitter/cache-trace, README, read 2026-11-30"
    example: ClassVar[str] = "0,q:q:1:8WTfjZU14ee,17,213,4,get,0"

    assumes: ClassVar[str] = "only get and gets are requests, not what a client stores"
    only: ClassVar[Mapping[str, tuple[str, ...]]] = MappingProxyType(
        {"operation": ("get", "gets")}
    )
    pattern: ClassVar[str] = (
        r"(?P<time>\d+),(?P<key>[^,]+),\d+,\d+,[^,]*,(?P<operation>[a-z]+),\d+$"
    )
