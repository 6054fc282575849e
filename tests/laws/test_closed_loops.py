"""What holds for clients who wait for answers, whatever the path."""

from dataclasses import astuple
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simcoalesce.metrics import Tally, measure
from simcoalesce.model import edge
from simcoalesce.model.layer import Layer
from simcoalesce.outcomes import OriginRows, Outcomes, RequestRows
from simcoalesce.traffic import Traffic
from simcoalesce.traffic.client_queue import ClientQueue
from tests.random_scenarios import ALL_PATHS, CLIENTS, CLIENTS_LAST_NS

QUICK = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)


def queue_of(traffic: Traffic) -> ClientQueue:
    """Return the clients of a run."""
    queue = traffic.generate(seed=1, duration_ns=CLIENTS_LAST_NS).closed_loop
    assert queue is not None
    return queue


def names_of(traffic: Traffic) -> dict[str, Any]:
    """Return the seed and the names of a run."""
    made = traffic.generate(seed=1, duration_ns=CLIENTS_LAST_NS)
    return {"seed": 1, "keys": made.keys, "locations": made.locations}


def run(path: list[Layer], traffic: Traffic) -> Outcomes:
    """Return a run in two locations."""
    return edge.simulate(path, queue_of(traffic), **names_of(traffic))


def all_rows(outcomes: Outcomes) -> tuple[bytes, ...]:
    """Return all that a run wrote, as bytes."""
    rows = [*astuple(outcomes.request_rows), *astuple(outcomes.origin_rows)]
    return (*(column.tobytes() for column in rows), repr(outcomes.usage).encode())


@given(path=ALL_PATHS, traffic=CLIENTS)
@QUICK
def test_rows_are_in_order_of_arrival_and_everybody_is_answered(
    path: list[Layer], traffic: Traffic
) -> None:
    """Ids count up with the instants; after the end only begun pages go on."""
    rows = run(path, traffic).request_rows

    assert np.array_equal(rows.request, np.arange(len(rows.request)))
    assert (np.diff(rows.arrived_at_ns) >= 0).all()
    assert (rows.completed_at_ns >= rows.arrived_at_ns).all()
    if not traffic.has_pages:
        assert (rows.arrived_at_ns < CLIENTS_LAST_NS).all()


@given(path=ALL_PATHS, traffic=CLIENTS)
@QUICK
def test_no_more_requests_are_under_way_than_there_are_users(
    path: list[Layer], traffic: Traffic
) -> None:
    """Each user waits for its answer, also for an error."""
    alone = traffic.model_copy(
        update={"arrivals": tuple(one for one in traffic.arrivals if one.is_closed)}
    )
    rows = run(path, alone).request_rows
    ended = np.searchsorted(np.sort(rows.completed_at_ns), rows.arrived_at_ns, "right")
    under_way = np.arange(1, len(ended) + 1) - ended

    sizes = (one.page_size * getattr(one, "users", 0) for one in alone.arrivals)
    assert under_way.max() <= sum(sizes)


@given(path=ALL_PATHS, traffic=CLIENTS)
@QUICK
def test_a_closed_loop_gives_the_same_bytes_again(
    path: list[Layer], traffic: Traffic
) -> None:
    """Its arrivals depend on answers, and on nothing else."""
    assert all_rows(run(path, traffic)) == all_rows(run(path, traffic))


@given(path=ALL_PATHS, traffic=CLIENTS)
@QUICK
def test_a_streamed_closed_loop_has_the_counts_of_its_rows(
    path: list[Layer], traffic: Traffic
) -> None:
    """Nothing is lost where no rows are kept."""
    outcomes = run(path, traffic)
    tally = Tally(keys=len(outcomes.keys), locations=2)

    def add(rows: RequestRows, calls: OriginRows) -> None:
        tally.add(rows)
        tally.calls.add(calls)

    names = names_of(traffic)
    tally.usage = edge.stream(
        path,
        queue_of(traffic),
        add,
        arrived=lambda chunk: tally.pages.arrive(chunk.page),
        **names,
    )

    assert measure(tally) == measure(outcomes)


@given(path=ALL_PATHS, traffic=CLIENTS, most=st.integers(0, 12))
@QUICK
def test_the_first_requests_do_not_depend_on_those_who_come_later(
    path: list[Layer], traffic: Traffic, most: int
) -> None:
    """A run of which only the first requests arrive has them at the same instants."""
    whole = run(path, traffic).request_rows.arrived_at_ns
    queue = queue_of(traffic).at_most(most)
    first = edge.simulate(path, queue, **names_of(traffic))

    assert np.array_equal(first.request_rows.arrived_at_ns, whole[:most])
