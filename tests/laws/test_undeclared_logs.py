"""Logs that no format declares: names and values tell their fields."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simcoalesce.logs.log_spec import LogSpec
from simcoalesce.logs.reader import read_log
from tests.rendered_logs import REQUESTS, START_NS, Said

MS = 1_000_000
Written = Callable[[Said], str]


def _iso(one: Said) -> str:
    return f"{one.at:%Y-%m-%dT%H:%M:%S}.{one.at_ms % 1000:03d}Z"


def _epoch_ms(one: Said) -> int:
    return START_NS // MS + one.at_ms


def _pino(one: Said) -> dict[str, Any]:
    request = {"method": one.method, "url": one.uri, "headers": {"host": one.host}}
    return {
        "level": 30,
        "time": _epoch_ms(one),
        "hostname": "web-1",
        "req": request,
        "res": {"statusCode": one.status},
        "responseTime": one.took_ms,
    }


def _elastic(one: Said) -> dict[str, Any]:
    return {
        "@timestamp": _iso(one),
        "event": {"duration": one.took_ms * MS},
        "http": {
            "request": {"method": one.method},
            "response": {"status_code": one.status},
        },
        "url": {"domain": one.host, "path": one.path, "original": one.uri},
        "host": {"name": "web-1"},
    }


def _kong(one: Said) -> dict[str, Any]:
    return {
        "latencies": {"request": one.took_ms, "kong": 1, "proxy": one.took_ms - 1},
        "request": {
            "method": one.method,
            "uri": one.uri,
            "headers": {"host": one.host},
        },
        "response": {"status": one.status},
        "started_at": _epoch_ms(one),
        "client_ip": "192.0.2.7",
    }


def _front_door(one: Said) -> dict[str, Any]:
    return {
        "time": _iso(one),
        "category": "FrontDoorAccessLog",
        "properties": {
            "httpMethod": one.method,
            "requestUri": one.url,
            "httpStatusCode": str(one.status),
            "timeTaken": f"{one.took_ms / 1000:.3f}",
        },
    }


def _heroku(one: Said) -> str:
    return (
        f"{one.at:%Y-%m-%dT%H:%M:%S.%f+00:00} heroku[router]: at=info"
        f' method={one.method} path="{one.uri}" host={one.host} dyno=web.1 connect=1ms'
        f" service={one.took_ms}ms status={one.status} bytes=13"
    )


def _logfmt(one: Said) -> str:
    return (
        f'time="{_iso(one)}" level=info msg="handled" method={one.method}'
        f' host={one.host} uri="{one.uri}" status={one.status} latency={one.took_ms}ms'
    )


def _pipes(one: Said) -> str:
    return (
        f"{one.cache}|{one.status}|{_epoch_ms(one)}|512|390|192.0.2.7|-|{one.url}|DE|ua"
    )


def _ltsv(one: Said) -> str:
    return (
        f"time:{_iso(one)}\thost:192.0.2.7\tmethod:{one.method}\turi:{one.uri}"
        f"\tstatus:{one.status}\treqtime:{one.took_ms / 1000:.3f}\tvhost:{one.host}"
    )


def _app_line(one: Said) -> str:
    return (
        f"{_iso(one)} INFO 192.0.2.7 {one.host} {one.method} {one.uri} {one.status} 512"
        f" {one.took_ms}ms"
    )


def _warehouse(one: Said) -> str:
    return (
        f"{one.at:%Y-%m-%d %H:%M:%S}.{one.at_ms % 1000:03d} UTC;{one.url};{one.took_ms}"
    )


def _lines(written: Written) -> str:
    return "".join(f"{written(one)}\n" for one in REQUESTS)


def _json(written: Callable[[Said], dict[str, Any]]) -> str:
    return _lines(lambda one: json.dumps(written(one)))


FILES = {
    "pino.ndjson": _json(_pino),
    "elastic.ndjson": _json(_elastic),
    "kong.json": _json(_kong),
    "kong_array.json": json.dumps([_kong(one) for one in REQUESTS], indent=1),
    "front_door.json": _json(_front_door),
    "router.log": _lines(_heroku),
    "logfmt.log": _lines(_logfmt),
    "cdn.log": _lines(_pipes),
    "web.ltsv": _lines(_ltsv),
    "app.log": _lines(_app_line),
    "warehouse.csv": "ts;full_url;latency_ms\n" + _lines(_warehouse),
}


@pytest.mark.parametrize("name", FILES)
def test_an_undeclared_log_is_read_to_the_millisecond(
    name: str, tmp_path: Path
) -> None:
    """With nothing but its name: every start, every key."""
    (tmp_path / name).write_text(FILES[name], encoding="utf-8")
    said = {"file": name, "key": ["host", "path"]}
    spec = LogSpec.model_validate(said, context={"folder": tmp_path})
    log = read_log(spec)
    codes, keys = log.keys(spec.key_rule)

    assert log.bad == 0
    assert np.array_equal(log.at_ns, [START_NS + one.at_ms * MS for one in REQUESTS])
    assert [keys[code] for code in codes] == [one.host + one.path for one in REQUESTS]


@pytest.mark.parametrize("name", ["pino.ndjson", "front_door.json"])
def test_a_duration_without_a_unit_is_said_and_not_read(
    name: str, tmp_path: Path
) -> None:
    """Seconds or milliseconds: who knows."""
    (tmp_path / name).write_text(FILES[name], encoding="utf-8")
    spec = LogSpec.model_validate({"file": name}, context={"folder": tmp_path})
    log = read_log(spec)

    assert (log.duration_ns == -1).all()
    assert any("does not say what its numbers count" in one for one in log.assumptions)


@pytest.mark.parametrize(
    "name",
    sorted({*FILES} - {"pino.ndjson", "front_door.json", "cdn.log", "router.log"}),
)
def test_a_duration_with_a_unit_is_read(name: str, tmp_path: Path) -> None:
    """In its name, beside its number, or known of the name."""
    (tmp_path / name).write_text(FILES[name], encoding="utf-8")
    spec = LogSpec.model_validate({"file": name}, context={"folder": tmp_path})

    true = [one.took_ms * MS for one in REQUESTS]
    assert read_log(spec).duration_ns.tolist() == true
