"""Fields that tell more of a cache and its origin, and how nginx writes them."""

from typing import Final, NamedTuple

from simcoalesce.logs.log import Log
from simcoalesce.units import NS_PER_S


class WantedField(NamedTuple):
    """A field of a log, and what it tells."""

    field: str
    variable: str
    tells: str


_WANTED: Final = (
    WantedField("time", "$msec", "when requests end, to the millisecond"),
    WantedField("duration", "$request_time", "when they start, and what clients wait"),
    WantedField("cache", "$upstream_cache_status", "hits and misses: ttl, lock, stale"),
    WantedField(
        "origin_duration", "$upstream_response_time", "latency and queue of the origin"
    ),
    WantedField("origin_status", "$upstream_status", "refusals and outages"),
    WantedField("status", "$status", "refusals and outages"),
    WantedField("method", "$request_method", "what no cache may answer"),
    WantedField("host", "$host", "keys of several hosts"),
    WantedField("url", "$request_uri", "which keys are asked for"),
)
_SAME_AS: Final = {
    "url": ("uri", "url", "path", "key"),
    "host": ("host", "url"),
    "origin_status": ("origin_status", "status"),
}
"""Fields that tell as much."""

NGINX_LINE: Final = (
    'log_format simcoalesce escape=json \'{"time":$msec,'
    '"method":"$request_method","host":"$host","request_uri":"$request_uri",'
    '"status":$status,"request_time":$request_time,'
    '"upstream_response_time":"$upstream_response_time",'
    '"upstream_cache_status":"$upstream_cache_status",'
    '"upstream_status":"$upstream_status"}\';'
)
"""A line of nginx.conf whose log tells all that can be told."""


def missing_fields(log: Log) -> tuple[WantedField, ...]:
    """Return what a log does not say, in the order in which it would tell most."""
    return tuple(one for one in _WANTED if not _has(log, one.field))


def _has(log: Log, field: str) -> bool:
    if field == "time":
        return log.stamp_ns < NS_PER_S
    return any(name in log.fields for name in _SAME_AS.get(field, (field,)))
