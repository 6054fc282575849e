"""What a cache before the worker answers costs a request and no CPU."""

from typing import Any

import pytest

from simcoalesce.model.edge import simulate
from simcoalesce.model.worker_runs import last_cache_before_worker
from simcoalesce.request import Requests
from simcoalesce.units import NS_PER_S
from tests.builders import a_path, an_origin, at_ms

ORIGIN = an_origin("120ms")
CACHE: dict[str, Any] = {"cdn": {"ttl": "60s"}}


def _usage(requests: Requests, *layers: Any) -> dict[str, float]:
    outcomes = simulate(
        a_path(*layers),
        [requests],
        seed=1,
        keys=["a"],
        locations=["icn"],
        cpu_ns=NS_PER_S // 1_000,
    )
    return dict(outcomes.usage)


def test_hits_and_followers_of_a_cache_run_no_worker() -> None:
    """One leads, one follows at 40 ms, one hits at 500 ms: three requests, 1 ms."""
    usage = _usage(at_ms(0, 40, 500), CACHE, "kv.read", "kv.write", ORIGIN)

    assert (usage["worker_requests"], usage["worker_cpu_ms"]) == (3, 1)


def test_a_refresh_in_the_background_runs_the_worker() -> None:
    """At 1.5 s the answer has expired: it is served, and fetched anew."""
    stale = {"cdn": {"ttl": "1s", "stale_while_revalidate": "9s"}}

    usage = _usage(at_ms(0, 1_500), stale, "kv.read", ORIGIN)

    assert (usage["worker_requests"], usage["worker_cpu_ms"]) == (2, 2)


def test_a_cache_behind_the_worker_spares_it_nothing() -> None:
    """Who asks it is a worker that runs."""
    usage = _usage(at_ms(0, 40, 500), "kv.read", CACHE, ORIGIN)

    assert usage["worker_cpu_ms"] == 3


@pytest.mark.parametrize(
    ("layers", "index"),
    [
        (["retry", CACHE, "kv.read", ORIGIN], 1),
        ([CACHE, "lock", "memory", CACHE, ORIGIN], 1),
        (["retry", "kv.read", CACHE, ORIGIN], None),
    ],
)
def test_the_worker_runs_behind_the_last_cache_before_it(
    layers: list[Any], index: int | None
) -> None:
    """Whatever stands with the client."""
    assert last_cache_before_worker(a_path(*layers)) == index
