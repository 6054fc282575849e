"""durable_storage: what an object keeps is there when its memory is lost."""

from typing import Any

import pytest

from simcoalesce.model.change import Agenda
from simcoalesce.model.changes.purge import Purge
from simcoalesce.model.changes.restart import Restart
from simcoalesce.outcomes import Lookup, Outcomes
from tests.builders import (
    a_path,
    an_origin,
    at_ms,
    calls_ms,
    latencies_ms,
    lookups,
    simulated,
)
from tests.unit.scenario.builders import TEXT, only_error

ORIGIN = an_origin("100ms")


def stored(*front: Any, origin: Any = ORIGIN, **fields: Any) -> list[Any]:
    """Return an object with a storage: a get of 5 ms, a put of 20 ms."""
    fields = {"read_latency": "5ms", "write_latency": "20ms", **fields}
    return a_path("durable_object", *front, {"durable_storage": fields}, origin)


def rows(outcomes: Outcomes) -> tuple[float, float]:
    """Return how many rows were read, and written."""
    usage = outcomes.usage
    return usage["object_rows_read"], usage["object_rows_written"]


def test_a_value_is_put_before_the_answer_and_got_before_the_next_fetch() -> None:
    """5 ms, 100 ms and 20 ms; then 5 ms."""
    outcomes = simulated(stored(), at_ms(0, 200))

    assert latencies_ms(outcomes) == [125, 5]
    assert calls_ms(outcomes) == [5]
    assert lookups(outcomes) == [Lookup.MISS, Lookup.HIT]
    assert rows(outcomes) == (2, 1)


@pytest.mark.parametrize(
    ("kept_by", "calls"), [("durable_storage", [0]), ("memory", [0, 10_100])]
)
def test_what_is_stored_survives_the_loss_of_memory(
    kept_by: str, calls: list[int]
) -> None:
    """Idle from 100 ms on, an object has no memory of it at 10.1 s."""
    path = a_path("durable_object", {kept_by: {"ttl": "60s"}}, ORIGIN)

    assert calls_ms(simulated(path, at_ms(0, 10_100))) == calls


def test_memory_in_front_of_it_saves_the_get_until_it_is_lost() -> None:
    """At 200 ms from memory, at 10.2 s from the storage, then from memory again."""
    outcomes = simulated(stored("memory"), at_ms(0, 200, 10_200, 10_300))

    assert latencies_ms(outcomes) == [125, 0, 5, 0]
    assert rows(outcomes) == (2, 1)


def test_a_reset_leaves_what_is_stored() -> None:
    """The second call fails and resets the object; the value of the other key stays."""
    fault = {"kind": "calls", "from": 2, "to": 2, "status": 503}
    fields = {"id_from": "global", "gate": "block_concurrency", "on_error": "resets"}
    path = a_path(
        {"durable_object": fields}, "durable_storage", an_origin(faults=[fault])
    )
    outcomes = simulated(path, at_ms(0, 500, 1_000, key=[0, 1, 0]))

    assert calls_ms(outcomes) == [0, 500]
    assert lookups(outcomes)[2] == Lookup.HIT


def test_others_queue_while_storage_is_awaited() -> None:
    """A global object: the second get begins when the first is over.

    Its fetch goes out at 10 ms and is back at 110 ms, while the first put is awaited
    from 105 to 125 ms: so its own put is from 125 to 145 ms.
    """
    path = a_path(
        {"durable_object": {"id_from": "global"}},
        {"durable_storage": {"read_latency": "5ms", "write_latency": "20ms"}},
        ORIGIN,
    )
    outcomes = simulated(path, at_ms(0, 1, key=[0, 1]))

    assert calls_ms(outcomes) == [5, 10]
    assert latencies_ms(outcomes) == [125, 144]


def test_others_get_in_while_the_fetch_is_awaited_and_join_it() -> None:
    """One get, one call, one put for all."""
    outcomes = simulated(stored(), at_ms(0, 50, 104))

    assert latencies_ms(outcomes) == [125, 75, 21]
    assert rows(outcomes) == (1, 1)


@pytest.mark.parametrize(("error_ttl", "calls"), [({}, [0, 200]), ({"5xx": "1s"}, [0])])
def test_errors_are_stored_where_that_is_said(
    error_ttl: dict[str, str], calls: list[int]
) -> None:
    """An error that is not stored is no row written."""
    fault = {"kind": "always", "status": 503}
    layer = {"durable_storage": {"error_ttl": error_ttl}}
    path = a_path("durable_object", layer, an_origin("100ms", faults=[fault]))
    outcomes = simulated(path, at_ms(0, 200))

    assert calls_ms(outcomes) == calls
    assert rows(outcomes) == (2, len(error_ttl))


def test_a_value_expires_from_the_end_of_its_put_on() -> None:
    """Put at 125 ms for 1 s: a get that ends at 1,124 ms finds it, at 1,125 ms not."""
    outcomes = simulated(stored(ttl="1s"), at_ms(0, 1_119))
    late = simulated(stored(ttl="1s"), at_ms(0, 1_120))

    assert calls_ms(outcomes) == [5]
    assert calls_ms(late) == [5, 1_125]


def test_it_stands_in_an_object() -> None:
    """The error says what to put before it."""
    error = only_error(TEXT, overrides=("path=[durable_storage, origin]",))

    assert "put durable_object before it" in error.message
    with pytest.raises(ValueError, match="put durable_object before it"):
        simulated(a_path("durable_storage", ORIGIN), at_ms(0))


def test_what_was_stored_before_the_run_is_there() -> None:
    """An object has no memory of it, and the storage has."""
    outcomes = simulated(stored(initial={"age": "0s"}), at_ms(0))

    assert latencies_ms(outcomes) == [5]
    assert rows(outcomes) == (1, 0)


@pytest.mark.parametrize(
    ("stores", "calls"), [([], [5]), (["durable_storage"], [5, 505])]
)
def test_a_purge_reaches_it_by_its_name_only(
    stores: list[str], calls: list[int]
) -> None:
    """Code has to delete what it has put; a purge of caches does not."""
    purge = Purge.model_validate({"at": "400ms", "stores": stores})
    outcomes = simulated(stored(), at_ms(0, 500), agenda=Agenda((purge,)))

    assert calls_ms(outcomes) == calls


def test_a_deployment_leaves_what_is_stored() -> None:
    """The memory in front of it is gone at 400 ms, so the storage is read."""
    restart = Restart.model_validate({"at": "400ms"})
    path, requests = stored("memory"), at_ms(0, 300, 500)
    outcomes = simulated(path, requests, agenda=Agenda((restart,)))

    assert latencies_ms(outcomes) == [125, 0, 5]
