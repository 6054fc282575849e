"""What shares nothing may be simulated apart: keys, shards, variants, replications."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from simcoalesce import Scenario, compare, replicate, run
from simcoalesce.compiled import api
from simcoalesce.compiled.coverage import why_not
from simcoalesce.compiled.shards import why_whole
from simcoalesce.metrics import measure
from simcoalesce.model.layer import Layer
from simcoalesce.outcomes import Outcomes
from simcoalesce.request import Requests
from tests.laws.test_scaled_times import exact
from tests.metamorphic import (
    KEYS,
    LOCATIONS,
    LONG,
    QUICK,
    a_documented_path,
    documents,
    runs,
    written,
)
from tests.random_scenarios import ALL_PATHS, any_requests

FILTERED = [HealthCheck.too_slow, HealthCheck.filter_too_much]
APART = settings(QUICK, max_examples=60, suppress_health_check=FILTERED)
OF_KEYS_ALONE = ALL_PATHS.filter(lambda path: not why_whole(path))
"""Paths on which keys share nothing, as the layers say of themselves."""


def drawless(value: Any) -> Any:
    """Return the document of a path in which no request draws by its number."""
    if isinstance(value, list):
        return [drawless(one) for one in value if not _draws(one)]
    if not isinstance(value, dict):
        return value
    return {name: drawless(one) for name, one in value.items() if name != "xfetch"}


def _draws(value: Any) -> bool:
    return isinstance(value, dict) and (
        value.get("kind") in {"random", "abandon", "adaptive_throttle", "load_shed"}
        or "random" in repr(value.get("choose"))
    )


def of_key(outcomes: Outcomes, key: int) -> dict[str, Any]:
    """Return the rows of a key, without the numbers of requests."""
    found = written(outcomes)
    tables = {name: found[name] for name in ("request_rows", "origin_rows")}
    return {
        name: [row[1:] for row in zip(*columns, strict=True) if row[1] == key]
        for name, columns in tables.items()
    }


def check_keys(path: list[Layer], requests: Requests) -> None:
    """Assert that the requests of a key are answered as without those of the other."""
    alone = a_documented_path(drawless(exact(documents(path))))
    assume(alone and alone[-1].kind == path[-1].kind)
    together = runs(alone, requests)
    for key in (0, 1):
        rows = np.flatnonzero(requests.key == key)
        storable = None if requests.storable is None else requests.storable[rows]
        some = Requests(
            0,
            requests.arrived_at_ns[rows],
            requests.key[rows],
            requests.location[rows],
            requests.isolate[rows],
            storable=storable,
        )
        for engine, apart in runs(alone, some).items():
            assert of_key(apart, key) == of_key(together[engine], key), engine


@given(path=OF_KEYS_ALONE, requests=any_requests())
@APART
def test_keys_that_share_nothing_may_be_simulated_apart(
    path: list[Layer], requests: Requests
) -> None:
    """Where no request draws by its number; instants have no other order then."""
    check_keys(path, requests)


@pytest.mark.slow
@given(path=OF_KEYS_ALONE, requests=any_requests())
@settings(LONG, suppress_health_check=FILTERED)
def test_keys_of_thousands_of_scenarios_may_be_simulated_apart(
    path: list[Layer], requests: Requests
) -> None:
    """The same again, for longer."""
    check_keys(path, requests)


@given(
    path=OF_KEYS_ALONE,
    requests=any_requests(),
    shards=st.integers(2, 5),
    cuts=st.lists(st.integers(0, 25), max_size=4),
)
@APART
def test_shards_and_chunks_change_no_count(
    path: list[Layer], requests: Requests, shards: int, cuts: list[int]
) -> None:
    """More shards than keys, empty chunks, chunks of one instant."""
    assume(not why_not(path, keys=2, locations=2))
    bounds = sorted({0, len(requests), *(min(cut, len(requests)) for cut in cuts)})
    chunks = [requests.first(end).after(begin) for begin, end in pairwise(bounds)]
    names: Any = {"seed": 1, "keys": KEYS, "locations": LOCATIONS}
    whole = api.tally_compiled(path, [requests], **names)
    cut = api.tally_compiled(path, chunks, **names, shards=shards)

    assert (measure(cut), cut.usage) == (measure(whole), whole.usage)


SALE = """
duration: 300ms
traffic:
  arrivals: [{kind: burst, requests: 60, within: 250ms}]
  keys: {kind: zipf, s: 1, n: 5}
  isolates: 3
origin: {latency: {median: 20ms, p99: 60ms}}
path: [kv.read, kv.write, origin]
variants:
"""
VARIANTS = {
    "fast-put": "{kv: {write_latency: 0ms}}",
    "flights": "{path: [kv.read, single_flight, kv.write, origin]}",
    "object": "{path: [kv.read, durable_object, kv.write, origin]}",
    "short": "{kv: {ttl: 20ms}, origin: {latency: 5ms}}",
    "faulty": "{origin: {faults: [{kind: random, probability: 30%}]}}",
}


def with_variants(*names: str) -> str:
    """Return a scenario with some variants, in this order."""
    return SALE + "".join(f"  {name}: {VARIANTS[name]}\n" for name in names)


@given(order=st.permutations(sorted(VARIANTS)), seed=st.integers(0, 9))
@settings(QUICK, max_examples=5)
def test_a_variant_is_what_it_is_alone_whichever_others_there_are(
    order: list[str], seed: int
) -> None:
    """In any order of the variants, and without all others."""
    for name in order:
        alone = Scenario.parse(with_variants(name), variant=name)
        among = Scenario.parse(with_variants(*order), variant=name)

        assert written(run(among, seed=seed)) == written(run(alone, seed=seed))


def test_variants_are_compared_with_the_same_words_in_any_order() -> None:
    """Rows of a table, of which only the order is another."""
    base = Scenario.parse(with_variants(*VARIANTS))
    others = [f"@{name}" for name in VARIANTS]
    by = ["scenario", "metric"]
    tables = [
        compare(base, *them, replications=3).sort_values(by, ignore_index=True)
        for them in (others, others[::-1])
    ]

    assert tables[0].equals(tables[1])


def test_replications_are_the_runs_of_their_seeds_in_any_order() -> None:
    """The mean of three is that of each alone."""
    base = Scenario.parse(with_variants(*VARIANTS))
    together = replicate(base, seed=3, replications=3)
    alone = [replicate(base, seed=seed, replications=1) for seed in (5, 3, 4)]
    hits = [one.estimates["origin_hits"].mean or 0 for one in alone]

    assert together.estimates["origin_hits"].mean == sum(hits) / 3
