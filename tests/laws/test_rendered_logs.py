"""One list of requests in fifteen formats: each is read as far as it has them.

Nothing is said but ``file:`` and ``key: [host, path]``. What a file can tell:

- combined, apache_usec and dated.csv have no host of their own: a path, or both in one;
- combined, vhost_combined, the Logpush of RFC 3339, CloudFront, IIS and k6's CSV have
  stamps of whole seconds, so a start is right within one;
- nginx, Caddy, CloudFront, IIS, Squid and k6 stamp the end: their durations lead back;
- dated.csv has no method: all are taken as GETs.
"""

from pathlib import Path

import numpy as np
import pytest

from simcoalesce.logs.cache_status import CacheStatus
from simcoalesce.logs.log import Log
from simcoalesce.logs.log_spec import LogSpec
from simcoalesce.logs.reader import read_log
from tests.rendered_logs import FORMATS, REQUESTS, START_NS, content

MS = 1_000_000
SECOND = 1_000_000_000
WITHOUT_HOST = {"combined.log", "apache_usec.log"}
WITHOUT_METHOD = {"dated.csv"}
COARSE = {
    *("combined.log", "vhost_combined.log", "cloudflare_rfc3339.ndjson"),
    *("cloudfront.log.gz", "iis.log", "k6.csv"),
}
WITH_DURATION = {
    *("nginx_msec_first.log", "nginx.json", "caddy.json", "alb.log", "envoy.log"),
    *("cloudfront.log.gz", "iis.log", "squid.log", "k6.csv"),
}
WITH_CACHE = {
    *("nginx_msec_first.log", "nginx.json", "cloudflare_rfc3339.ndjson", "squid.log"),
}
EACH = pytest.mark.parametrize("name", FORMATS)


def read(name: str, folder: Path) -> tuple[Log, LogSpec]:
    """Write a file, and read it with its name and a key alone."""
    (folder / name).write_bytes(content(name))
    said = {"file": name, "key": ["host", "path"]}
    spec = LogSpec.model_validate(said, context={"folder": folder})
    return read_log(spec), spec


@EACH
def test_every_request_is_read_at_its_start(name: str, tmp_path: Path) -> None:
    """Within the resolution of its stamp; none is later than it says."""
    log, _ = read(name, tmp_path)

    true_ns = np.sort([START_NS + one.at_ms * MS for one in REQUESTS])
    late_ns = true_ns - np.sort(log.at_ns)
    within = SECOND if name in COARSE else 1
    assert len(log) == len(REQUESTS)
    assert log.bad == 0
    assert (late_ns >= -MS * (name in COARSE)).all()
    assert (late_ns < within).all()


@EACH
def test_every_key_is_read(name: str, tmp_path: Path) -> None:
    """As often as it is asked for."""
    log, spec = read(name, tmp_path)
    codes, names = log.keys(spec.key_rule)

    has_host = name not in WITHOUT_HOST
    true = [(one.host if has_host else "") + one.path for one in REQUESTS]
    assert sorted(names[code] for code in codes) == sorted(true)


@EACH
def test_only_gets_and_heads_may_be_stored(name: str, tmp_path: Path) -> None:
    """The POST stays in the traffic; where no method is logged, all are GETs."""
    log, _ = read(name, tmp_path)

    posts = 0 if name in WITHOUT_METHOD else 1
    assert int((~log.storable).sum()) == posts


@EACH
def test_statuses_are_read(name: str, tmp_path: Path) -> None:
    """Of all files but one, which has none."""
    log, _ = read(name, tmp_path)

    true = sorted(one.status for one in REQUESTS)
    expected = [0] * len(true) if name == "bigquery_epoch.csv" else true
    assert sorted(log.status.tolist()) == expected


@pytest.mark.parametrize("name", sorted(WITH_DURATION))
def test_durations_are_read(name: str, tmp_path: Path) -> None:
    """To the millisecond, whatever their unit."""
    log, _ = read(name, tmp_path)

    true = sorted(one.took_ms * MS for one in REQUESTS)
    assert sorted(log.duration_ns.tolist()) == true


@pytest.mark.parametrize("name", sorted(WITH_CACHE))
def test_cache_statuses_are_read(name: str, tmp_path: Path) -> None:
    """As often as each occurs."""
    log, _ = read(name, tmp_path)

    true = sorted(CacheStatus[one.cache] for one in REQUESTS)
    assert sorted(log.cache.tolist()) == true
