"""Whatever the path, a request that bypasses stores and flights meets none of them."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, reject, settings
from hypothesis import strategies as st

from simcoalesce import Scenario, replicate
from simcoalesce import run as run_of
from simcoalesce.model.layer import Layer
from simcoalesce.outcomes import Lookup, Outcomes, Role
from simcoalesce.report.export import export_for
from simcoalesce.request import Requests
from tests.builders import an_origin, bypassing, simulated
from tests.random_scenarios import ALL_PATHS, SHARED, Entry, answered, any_requests

QUICK = settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)


def run(path: list[Layer], requests: Requests, seed: int = 1) -> Outcomes:
    """Return a run of two keys or three in two locations."""
    return simulated(path, requests, seed=seed, locations=2, keys=3)


def all_bypass(requests: Requests) -> Requests:
    """Return them as POSTs."""
    return bypassing(requests, range(len(requests)))


def answers(outcomes: Outcomes) -> list[list[Any]]:
    """Return when, how and after how many attempts each request was answered."""
    rows, calls = outcomes.request_rows, outcomes.origin_rows
    columns = rows.completed_at_ns, rows.status, rows.lookup, rows.role, rows.attempts
    called = calls.request, calls.called_at_ns, calls.completed_at_ns, calls.status
    return [column.tolist() for column in (*columns, *called)]


@given(path=ALL_PATHS, requests=any_requests(), seed=st.integers(0, 9))
@QUICK
def test_requests_that_bypass_find_a_path_without_stores_and_flights(
    path: list[Layer], requests: Requests, seed: int
) -> None:
    """As if they were not there: same instants, same calls, same refusals.

    An answer whose body is still to come is handed on at its headers by some layers
    and by others not; what is taken out of a path may be either.
    """
    assume(not path[-1].streams)
    rest = [layer for layer in path if not layer.is_bypassed]
    posts = all_bypass(requests)

    found = run(path, posts, seed)

    assert answers(found) == answers(run(rest, posts, seed))
    assert (found.request_rows.lookup == Lookup.BYPASS).all()
    assert (found.request_rows.role == Role.NONE).all()


@given(
    layers=st.lists(SHARED, max_size=4),
    latency=st.sampled_from(["0ms", "5ms", "20ms", {"uniform": ["0ms", "20ms"]}]),
    requests=any_requests(bypass=st.sampled_from([True])),
    seed=st.integers(0, 9),
)
@QUICK
def test_those_who_ask_stores_do_not_notice_for_which_key_others_bypass_them(
    layers: list[Entry], latency: Any, requests: Requests, seed: int
) -> None:
    """For a key of theirs or one of its own: nothing is stored, joined or held up."""
    path = answered(layers, an_origin(latency))
    storable = requests.storable
    if storable is None:
        reject()
    elsewhere = replace(requests, key=np.where(storable, requests.key, 2))

    rows, others = (run(path, one, seed).request_rows for one in (requests, elsewhere))

    for name in ("completed_at_ns", "status", "lookup", "role", "served_by", "age_ns"):
        ours = getattr(rows, name)[storable], getattr(others, name)[storable]
        assert np.array_equal(*ours), name


def of_phase(phase: str) -> Scenario:
    """Return nine seconds of one phase of traffic."""
    return Scenario.parse(
        f"""
        traffic: {{arrivals: [{{{phase}}}]}}
        duration: 9s
        origin: {{latency: 100ms}}
        path: [kv.read, single_flight, kv.write, origin]
        """
    )


@pytest.mark.parametrize("name", ["requests.csv", "events.ndjson"])
def test_the_tables_of_a_run_make_the_same_calls_when_they_are_replayed(
    name: str, tmp_path: Path
) -> None:
    """Its POSTs are POSTs again; where there are none, no column says so."""
    mixed, storable = (
        of_phase(f"kind: rate, rate: 50/s, bypass: {one}") for one in ("30%", "0%")
    )
    with (tmp_path / name).open("wb") as file:
        result = replicate(mixed, seed=1, replications=1)
        export_for(name).write(result, file, name)
    again = of_phase(f"kind: replay, file: {tmp_path / name}")

    calls, replayed = (len(run_of(one, seed=1).origin_hits) for one in (mixed, again))

    assert calls == replayed > 100
    assert "method" not in run_of(storable, seed=1).requests
