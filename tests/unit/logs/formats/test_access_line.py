"""Access lines: tokens that tell what they are."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from simcoalesce.logs.cache_status import CacheStatus
from simcoalesce.logs.log import Log
from simcoalesce.logs.log_spec import LogSpec
from simcoalesce.logs.reader import read_log

LogOf = Callable[..., Log]
RECORDED = Path(__file__).parents[3] / "assets" / "fit"
COMBINED = '192.0.2.7 - - [05/Jun/2026:12:00:00 +0000] "GET /p/1 HTTP/1.1" 200 5'


def recorded(name: str) -> Log:
    """Return a log of a real nginx, of which nothing is said."""
    spec = LogSpec.model_validate({"file": name}, context={"folder": RECORDED})
    return read_log(spec)


@pytest.mark.parametrize(
    ("name", "log_format", "misses"),
    [
        ("b-no-lock-queries.log.gz", "access_line", 1_943),
        ("e-window-429.log.gz", "ndjson", 5_473),
        ("h-combined-only.log.gz", "combined", 0),
    ],
)
def test_a_real_log_tells_what_nginx_wrote(
    name: str, log_format: str, misses: int
) -> None:
    """With name=value behind a combined line, it is more than combined."""
    log = recorded(name)
    hit = np.isin(log.cache, [CacheStatus.HIT, -1])
    called = int(np.count_nonzero(~hit))

    assert (log.format, called, log.bad) == (log_format, misses, 0)


def test_a_combined_line_with_more_is_no_combined_line(log_of: LogOf) -> None:
    """What stands behind it would be lost."""
    line = f"{COMBINED} host=shop.example msec=1780660800.250 rt=0.120 cs=MISS\n"
    log = log_of(3 * line)

    assert (log.format, log.targets) == ("access_line", (("shop.example", "/p/1"),))
    assert log.duration_ns.tolist() == 3 * [120_000_000]


def test_a_first_line_that_is_cut_is_one_bad_line(log_of: LogOf) -> None:
    """It names no cells, as the header of a table does."""
    line = f"{COMBINED} host=shop.example msec=1780660800.250 rt=0.120 cs=MISS\n"
    log = log_of("HTTP/x, y\n" + 200 * line)

    assert (log.format, log.bad) == ("access_line", 1)
