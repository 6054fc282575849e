"""One list of requests, written in the formats that people bring.

Every file says the same: REQUESTS below, as far as its format can (its stamp may be
coarser; some log the end of a request, not its start). Hosts, addresses and identifiers
are from the ranges that are reserved for documentation.
"""

import csv
import gzip
import io
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

START: Final = datetime(2026, 6, 5, 12, 0, 0, tzinfo=UTC)
START_NS: Final = 1_780_660_800_000_000_000


class Said(NamedTuple):
    """A request: what every format is asked to say of it."""

    at_ms: int
    method: str
    path: str
    query: str
    status: int
    took_ms: int
    cache: str
    host: str = "shop.example"

    @property
    def at(self) -> datetime:
        """Its start."""
        return START + timedelta(milliseconds=self.at_ms)

    @property
    def end(self) -> datetime:
        """When it was answered."""
        return self.at + timedelta(milliseconds=self.took_ms)

    @property
    def uri(self) -> str:
        """Path and query."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def url(self) -> str:
        """With scheme and host."""
        return f"https://{self.host}{self.uri}"

    @property
    def line(self) -> str:
        """The request line."""
        return f"{self.method} {self.uri} HTTP/1.1"


REQUESTS: Final = (
    Said(0, "GET", "/p/1", "", 200, 130, "MISS"),
    Said(125, "GET", "/p/1", "", 200, 4, "HIT"),
    Said(310, "GET", "/p/1", "", 200, 6, "HIT", "img.example"),
    Said(480, "GET", "/p/2", "utm_source=x", 200, 180, "MISS"),
    Said(990, "POST", "/checkout", "", 201, 420, "BYPASS"),
    Said(1040, "GET", "/p/2", "", 200, 5, "HIT"),
    Said(1500, "HEAD", "/p/1", "", 200, 2, "HIT"),
    Said(2250, "GET", "/gone", "", 404, 90, "MISS"),
    Said(2400, "GET", "/p/1", "", 200, 4, "HIT"),
    Said(3750, "GET", "/p/3", "b=2&a=1", 200, 150, "MISS"),
    Said(3760, "GET", "/p/3", "a=1&b=2", 200, 148, "MISS"),
    Said(5125, "GET", "/p/1", "", 200, 4, "HIT"),
)


def _clf(at: datetime) -> str:
    return at.strftime("%d/%b/%Y:%H:%M:%S +0000")


def _second(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _micro(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _lines(written: Callable[[Said], str]) -> str:
    return "".join(f"{written(one)}\n" for one in REQUESTS)


def _ndjson(written: Callable[[Said], dict[str, Any]]) -> str:
    return _lines(lambda one: json.dumps(written(one)))


def _table(names: Sequence[str], written: Callable[[Said], Sequence[Any]]) -> str:
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(names)
    rows.writerows(written(one) for one in REQUESTS)
    return out.getvalue()


def _nginx_json(one: Said) -> dict[str, Any]:
    return {
        "time_local": _clf(one.end),
        "msec": f"{one.end.timestamp():.3f}",
        "request_time": f"{one.took_ms / 1000:.3f}",
        "host": one.host,
        "request_method": one.method,
        "uri": one.path,
        "request_uri": one.uri,
        "status": str(one.status),
        "upstream_cache_status": one.cache,
    }


def _caddy(one: Said) -> dict[str, Any]:
    return {
        "level": "info",
        "ts": one.end.timestamp(),
        "logger": "http.log.access",
        "msg": "handled request",
        "request": {"method": one.method, "host": one.host, "uri": one.uri},
        "duration": one.took_ms / 1000,
        "status": one.status,
    }


def _cloudflare(one: Said) -> dict[str, Any]:
    return {
        "EdgeStartTimestamp": _second(one.at),
        "EdgeEndTimestamp": _second(one.end),
        "ClientRequestMethod": one.method,
        "ClientRequestHost": one.host,
        "ClientRequestURI": one.uri,
        "EdgeResponseStatus": one.status,
        "CacheCacheStatus": one.cache.lower(),
        "OriginResponseDurationMs": one.took_ms if one.cache == "MISS" else 0,
    }


def _alb(one: Said) -> str:
    return (
        f"https {_micro(one.end)} app/lb/1a2b 192.0.2.7:2817 198.51.100.1:80 0.000"
        f" {one.took_ms / 1000:.3f} 0.000 {one.status} {one.status} 34 512"
        f' "{one.method} https://{one.host}:443{one.uri} HTTP/1.1" "ua" - -'
        " arn:aws:elasticloadbalancing:eu-central-1:000000000000:targetgroup/t/1"
        f' "Root=1-0-0" "{one.host}" "-" 0 {_micro(one.at)} "forward" "-" "-"'
        f' "198.51.100.1:80" "{one.status}" "-" "-"'
    )


def _cloudfront() -> bytes:
    words = {"HIT": "Hit", "MISS": "Miss", "BYPASS": "Miss"}
    names = (
        "date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem"
        " sc-status cs(Referer) cs(User-Agent) cs-uri-query x-edge-result-type"
        " time-taken"
    )
    rows = _lines(
        lambda one: (
            f"{one.end:%Y-%m-%d}\t{one.end:%H:%M:%S}\tFRA2\t512\t192.0.2.7\t"
            f"{one.method}\t{one.host}\t{one.path}\t{one.status}\t-\tua\t"
            f"{one.query or '-'}\t{words[one.cache]}\t{one.took_ms / 1000:.3f}"
        )
    )
    head = f"#Version: 1.0\n#Fields: {names}\n"
    return gzip.compress((head + rows).encode(), mtime=0)


def _iis() -> str:
    head = (
        "#Software: Microsoft Internet Information Services 10.0\n"
        "#Fields: date time cs-method cs-host cs-uri-stem cs-uri-query sc-status"
        " time-taken\n"
    )
    return head + _lines(
        lambda one: (
            f"{one.end:%Y-%m-%d %H:%M:%S} {one.method} {one.host} {one.path}"
            f" {one.query or '-'} {one.status} {one.took_ms}"
        )
    )


def _envoy(one: Said) -> str:
    at = f"{one.at:%Y-%m-%dT%H:%M:%S}.{one.at_ms % 1000:03d}Z"
    return (
        f'[{at}] "{one.method} {one.uri} HTTP/2" {one.status} - 0 512 {one.took_ms}'
        f' {one.took_ms - 1} "192.0.2.7" "ua" "0-0-0-0" "{one.host}"'
        ' "198.51.100.1:80"'
    )


def _squid(one: Said) -> str:
    return (
        f"{one.end.timestamp():.3f} {one.took_ms:6d} 192.0.2.7 TCP_{one.cache}/"
        f"{one.status} 512 {one.method} {one.url} - HIER_DIRECT/198.51.100.1 text/html"
    )


def _k6() -> str:
    names = [
        "metric_name",
        "timestamp",
        "metric_value",
        "method",
        "name",
        "status",
        "url",
    ]

    def row(metric: str, value: float, one: Said) -> list[Any]:
        at_s = int(one.end.timestamp())
        return [metric, at_s, value, one.method, one.path, one.status, one.url]

    counted = _table(names, lambda one: row("http_reqs", 1, one))
    timed = _table(names, lambda one: row("http_req_duration", one.took_ms, one))
    return counted + timed.partition("\n")[2]


def _usec(one: Said) -> str:
    at = one.at.strftime("%d/%b/%Y:%H:%M:%S.%f")
    return f'192.0.2.7 - - [{at} +0000] "{one.line}" {one.status} 512'


def _combined(one: Said) -> str:
    return f'192.0.2.7 - - [{_clf(one.at)}] "{one.line}" {one.status} 512 "-" "ua"'


def _msec_first(one: Said) -> str:
    return (
        f'{one.end.timestamp():.3f} 192.0.2.7 {one.host} "{one.line}" {one.status}'
        f" {one.took_ms / 1000:.3f} {one.cache}"
    )


FORMATS: Final[dict[str, Callable[[], str | bytes]]] = {
    "combined.log": lambda: _lines(_combined),
    "vhost_combined.log": lambda: _lines(
        lambda one: f"{one.host}:443 {_combined(one)}"
    ),
    "apache_usec.log": lambda: _lines(_usec),
    "nginx_msec_first.log": lambda: _lines(_msec_first),
    "nginx.json": lambda: _ndjson(_nginx_json),
    "caddy.json": lambda: _ndjson(_caddy),
    "cloudflare_rfc3339.ndjson": lambda: _ndjson(_cloudflare),
    "alb.log": lambda: _lines(_alb),
    "cloudfront.log.gz": _cloudfront,
    "iis.log": _iis,
    "envoy.log": lambda: _lines(_envoy),
    "squid.log": lambda: _lines(_squid),
    "k6.csv": _k6,
    "dated.csv": lambda: _table(
        ["when", "page", "code"],
        lambda one: [
            one.at.isoformat(timespec="milliseconds"),
            one.host + one.path,
            one.status,
        ],
    ),
    "bigquery_epoch.csv": lambda: _table(
        ["timestamp_us", "url", "verb"],
        lambda one: [int(one.at.timestamp() * 1_000_000), one.url, one.method],
    ),
}
"""The files, by name."""


def content(name: str) -> bytes:
    """Return what a file holds."""
    text = FORMATS[name]()
    return text if isinstance(text, bytes) else text.encode()
