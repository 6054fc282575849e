"""Limits that count the calls for each key, or for each tenant, by themselves."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simcoalesce.compiled import api
from simcoalesce.compiled.coverage import why_not
from simcoalesce.model.edge import simulate
from simcoalesce.model.layer import Layer
from simcoalesce.model.rate_limit import RunningLimit
from simcoalesce.outcomes import Outcomes
from simcoalesce.request import Requests
from tests.builders import MS, a_path, an_origin, at_ms, statuses, tables
from tests.random_scenarios import LIMITS, any_requests
from tests.unit.model.test_rate_limit import a_limit

pytest.importorskip("llvmlite", reason="the compiled engine needs llvmlite")

KEYS = ("a/1", "a/2", "b/1")
BUCKET = {"kind": "token_bucket", "rate": "1/s", "burst": 1}


def limited(limit: dict[str, Any], whose: str) -> list[Layer]:
    """Return a path of nothing but an origin of 20 ms with a limit."""
    return a_path(an_origin("20ms", rate_limit={**limit, "for_each": whose}))


def run(path: list[Layer], requests: Requests) -> Outcomes:
    """Return what both engines make of requests for three keys of two tenants."""
    names: dict[str, Any] = {"keys": KEYS, "locations": ("at-0", "at-1")}
    plain = simulate(path, [requests], seed=1, **names)
    compiled = api.simulate_compiled(path, [requests], seed=1, **names)
    assert tables(compiled) == tables(plain)
    return plain


def test_each_key_has_a_bucket_of_its_own() -> None:
    """One token each: the second call for a key is refused until a second is over."""
    requests = at_ms(0, 0, 0, 500, 1_000, 1_000, key=[0, 1, 0, 1, 0, 1])
    outcomes = run(limited(BUCKET, "key"), requests)

    assert statuses(outcomes) == [200, 200, 429, 429, 200, 200]


@pytest.mark.parametrize(
    ("whose", "expected"),
    [
        ("origin", [200, 429, 429]),
        ("tenant", [200, 429, 200]),
        ("key", [200, 200, 200]),
    ],
)
def test_the_keys_of_a_tenant_share_a_bucket(whose: str, expected: list[int]) -> None:
    """One call each for a/1, a/2 and b/1 at the same instant."""
    outcomes = run(limited(BUCKET, whose), at_ms(0, 0, 0, key=[0, 1, 2]))

    assert statuses(outcomes) == expected


def test_a_refused_call_waits_for_the_bucket_of_its_key() -> None:
    """One call for key 0 at 0 s, one for key 1 at 400 ms: at 500 ms, 0.5 and 0.9 s."""
    limit = RunningLimit(a_limit(**BUCKET, for_each="key"), KEYS)
    limit.of(0).take(0, 20 * MS)
    limit.of(1).take(400 * MS, 420 * MS)

    waits_ns = [limit.of(key).wait_ns(500 * MS) for key in range(3)]

    assert waits_ns == [500 * MS, 900 * MS, 0]


def test_a_key_without_a_slash_is_its_own_tenant() -> None:
    """And what stands before the first one names the others'."""
    parts = a_limit(**BUCKET, for_each="tenant").parts(["a", "b", "a/1", "c/a/1", "c"])

    assert parts is not None
    assert parts.tolist() == [0, 1, 0, 2, 2]


@given(
    limit=st.sampled_from(LIMITS),
    whose=st.sampled_from(["key", "tenant"]),
    requests=any_requests(keys=3),
)
def test_what_other_keys_do_changes_nothing(
    limit: dict[str, Any], whose: str, requests: Requests
) -> None:
    """The tenant b has one key: its calls are answered as if it were alone."""
    path = limited(limit, whose)
    is_of_b = requests.key == 2
    columns = requests.arrived_at_ns, requests.key, requests.location, requests.isolate
    alone = Requests(0, *(column[is_of_b] for column in columns))
    together = run(path, requests).request_rows.status[is_of_b]

    assert together.tolist() == run(path, alone).request_rows.status.tolist()


@given(
    limit=st.sampled_from(LIMITS),
    whose=st.sampled_from(["key", "tenant"]),
    requests=any_requests(keys=1),
)
def test_of_one_key_a_limit_for_each_is_one_for_all(
    limit: dict[str, Any], whose: str, requests: Requests
) -> None:
    """There is nothing to tell apart."""
    one, other = (run(limited(limit, each), requests) for each in (whose, "origin"))

    assert tables(one) == tables(other)


@pytest.mark.parametrize(
    "origin",
    [
        {"rate_limit": {"kind": "sliding_window", "limit": "1000000G", "per": "1m"}},
        {"rate_limit": {"kind": "concurrency", "limit": "1000000G", "for_each": "key"}},
        {"rate_limit": {"kind": "token_bucket", "burst": "1000000G", "rate": "1/s"}},
        {"rate_limit": {"kind": "leaky_bucket", "bucket": "1000000G", "leak": "1/s"}},
        {"rate_limit": {"kind": "fixed_window", "limit": "1000000G", "per": "1m"}},
        {"concurrency": "1000000G", "queue_limit": "1000000G"},
    ],
    ids=str,
)
def test_a_limit_takes_no_memory_for_what_it_allows(origin: dict[str, Any]) -> None:
    """Of 10^15 calls three are made: both engines serve them all."""
    path = a_path(an_origin("20ms", **origin))

    assert not why_not(path, keys=3, locations=2)
    assert statuses(run(path, at_ms(0, 0, 10, key=[0, 1, 2]))) == [200, 200, 200]
