"""What holds for isolates that come and go, whatever the path and the traffic."""

from typing import Any

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from simcoalesce.model import edge
from simcoalesce.model.isolate_pool import IsolateRules
from simcoalesce.model.layer import Layer
from simcoalesce.model.worker_runs import worker_begins
from simcoalesce.outcomes import OriginRows, RequestRows
from simcoalesce.request import Requests
from tests.builders import MS, a_path, an_origin, simulated, some_isolates, tables
from tests.laws.test_random_scenarios import QUICK
from tests.random_scenarios import ALL_PATHS, ISOLATES, any_requests


def run(
    path: list[Layer], requests: Requests, seed: int, isolates: IsolateRules | None
) -> dict[str, Any]:
    """Return the tables of a run in two locations, with or without rules."""
    outcomes = simulated(
        path, requests, seed=seed, locations=2, keys=2, isolates=isolates
    )
    found: dict[str, Any] = tables(outcomes)
    found["usage"].pop("cold_starts", None)
    return found


@given(
    path=ALL_PATHS,
    requests=any_requests(),
    seed=st.integers(0, 9),
    isolates=ISOLATES,
)
@QUICK
def test_every_request_is_answered_in_an_isolate_of_its_location(
    path: list[Layer], requests: Requests, seed: int, isolates: IsolateRules
) -> None:
    """Whoever meets whom, and whatever is evicted."""
    outcomes = simulated(
        path, requests, seed=seed, locations=2, keys=2, isolates=isolates
    )
    rows = outcomes.request_rows

    assert (rows.isolate // 2 == rows.location).all()
    assert (rows.completed_at_ns >= rows.arrived_at_ns).all()
    assert outcomes.usage["cold_starts"] <= outcomes.usage["worker_requests"]


@given(
    path=ALL_PATHS,
    requests=any_requests(),
    isolates=ISOLATES,
    every=st.integers(1, 25),
)
@QUICK
def test_rows_that_are_handed_over_chunk_by_chunk_are_the_same(
    path: list[Layer], requests: Requests, isolates: IsolateRules, every: int
) -> None:
    """The isolate of a row too, which is known when the request is answered."""
    names: dict[str, Any] = {"keys": ("key-0", "key-1"), "locations": ("at-0", "at-1")}
    whole = edge.simulate(path, [requests], seed=1, isolates=isolates, **names)
    isolate: list[int] = []

    def take(rows: RequestRows, _calls: OriginRows) -> None:
        isolate.extend(rows.isolate.tolist())

    begins = range(0, len(requests), every)
    chunks = [requests.after(begin).first(every) for begin in begins]
    usage = edge.stream(path, chunks, take, seed=1, isolates=isolates, **names)

    assert isolate == whole.request_rows.isolate.tolist()
    assert usage == whole.usage


@given(path=ALL_PATHS, requests=any_requests(), seed=st.integers(0, 9))
@QUICK
def test_a_home_that_takes_nothing_leaves_requests_where_they_are(
    path: list[Layer], requests: Requests, seed: int
) -> None:
    """Isolates that start at once and stay are those of the traffic."""
    plain = run(path, requests, seed, None)

    assert (
        run(path, requests, seed, some_isolates(2, spill_above=0, starts_warm=True))
        == plain
    )
    assert run(path, requests, seed, some_isolates(2, starts_warm=True)) == plain


@given(path=ALL_PATHS, requests=any_requests(), seed=st.integers(0, 9))
@QUICK
def test_a_home_that_is_never_full_has_all_requests(
    path: list[Layer], requests: Requests, seed: int
) -> None:
    """As if each location had one isolate, for all that runs in the worker."""
    in_front = path[: worker_begins(path)]
    assume(all(getattr(layer, "kept_in", "") != "isolate" for layer in in_front))
    at_home = Requests(
        *(requests.first_id, requests.arrived_at_ns, requests.key),
        *(requests.location, requests.location * 2),
        storable=requests.storable,
    )
    found = run(
        path, requests, seed, some_isolates(2, spill_above=10**6, starts_warm=True)
    )
    expected = run(path, at_home, seed, None)
    # What a cache before the worker answers keeps the isolate that the traffic says.
    for table in (found, expected):
        del table["request_rows"][3]

    assert found == expected


@given(cold_ms=st.integers(0, 40), requests=any_requests(keys=1, locations=1))
@QUICK
def test_a_cold_start_delays_nobody_by_more_than_itself(
    cold_ms: int, requests: Requests
) -> None:
    """An origin alone: who finds its isolate cold waits for the rest of the start."""
    cold = some_isolates(2, cold_start=f"{cold_ms}ms")

    rows = simulated(a_path(an_origin("10ms")), requests, isolates=cold).request_rows

    for isolate in np.unique(rows.isolate):
        mine = rows.isolate == isolate
        first_ns = rows.arrived_at_ns[mine].min()
        ready_ns = np.maximum(rows.arrived_at_ns[mine], first_ns + cold_ms * MS)
        assert (rows.completed_at_ns[mine] == ready_ns + 10 * MS).all()
