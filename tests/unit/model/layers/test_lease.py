"""lease: hand-computed timelines; a command of 2 ms acts after 1 ms."""

from typing import Any

import pytest

from simcoalesce.model.change import Agenda
from simcoalesce.model.changes.purge import Purge
from simcoalesce.model.layer import Layer
from simcoalesce.outcomes import Lookup, Role
from tests.builders import (
    MS,
    a_path,
    an_origin,
    at_ms,
    calls_ms,
    hits,
    latencies_ms,
    lookups,
    roles,
    simulated,
    statuses,
)

MISS, HIT, STALE = Lookup.MISS, Lookup.HIT, Lookup.STALE
FAILS_ONCE = {"kind": "first", "calls": 1, "takes": "120ms"}


def leased(
    *, latency: str = "0ms", origin: str = "120ms", faults: Any = (), **lease: Any
) -> list[Layer]:
    """Return an origin behind a store with leases."""
    return a_path(
        {"lease": {"latency": latency, **lease}},
        an_origin(origin, faults=list(faults)),
    )


def test_who_gets_the_lease_takes_three_steps() -> None:
    """A look-up, a fetch, a set: 2 + 120 + 2 ms."""
    outcomes = simulated(leased(latency="2ms"), at_ms(0))

    assert (latencies_ms(outcomes), calls_ms(outcomes)) == ([124], [2])
    assert outcomes.usage["redis_commands"] == 2


@pytest.mark.parametrize(("arrival", "latency_ms"), [(122, 2), (121.9, 29)])
def test_a_look_up_sees_what_is_set_when_it_gets_there(
    arrival: float, latency_ms: float
) -> None:
    """The set acts at 123 ms; who comes too early sleeps 25 ms."""
    outcomes = simulated(leased(latency="2ms"), at_ms(0, arrival))

    assert latencies_ms(outcomes)[1] == pytest.approx(latency_ms)


def test_who_waits_asks_each_poll_and_look_up() -> None:
    """Told to wait at 12 ms; it asks at 37, 64, 91, 118 and 145 ms."""
    outcomes = simulated(leased(latency="2ms"), at_ms(0, 10))

    assert latencies_ms(outcomes) == [124, 137]
    assert roles(outcomes) == [Role.LEADER, Role.FOLLOWER]


@pytest.mark.parametrize(
    ("stale_ttl", "lookup", "latency_ms"), [("1s", STALE, 0), ("50ms", MISS, 125)]
)
def test_while_a_key_is_leased_its_old_value_is_served_at_once(
    stale_ttl: str, lookup: int, latency_ms: float
) -> None:
    """It is gone at 221 ms; the lease is of 300 ms, and its set of 420 ms."""
    path = leased(ttl="100ms", stale_ttl=stale_ttl)
    outcomes = simulated(path, at_ms(0, 300, 310))

    assert lookups(outcomes) == [MISS, MISS, lookup]
    assert latencies_ms(outcomes)[1:] == [120, latency_ms]


def test_what_is_fetched_after_the_wait_is_not_stored() -> None:
    """It fetches at 60 ms until 1,060 ms; the lease's own set comes at 2 s."""
    slow = {"kind": "calls", "from": 1, "to": 1, "status": 200, "takes": "2s"}
    path = leased(origin="1s", wait="50ms", faults=[slow])
    outcomes = simulated(path, at_ms(0, 10, 1_900, 2_000))

    assert calls_ms(outcomes) == [0, 60, 1_950]
    assert lookups(outcomes) == [MISS, MISS, MISS, HIT]
    assert outcomes.usage["lease_waits_ended"] == 2


def test_a_set_of_a_lost_lease_is_refused() -> None:
    """Lost at 51 ms to the poll of 60 ms: only the set of 180 ms is stored."""
    path = leased(lease_ttl="50ms")
    outcomes = simulated(path, at_ms(0, 10, 121))

    assert calls_ms(outcomes) == [0, 60, 121]
    assert outcomes.usage["late_sets_refused"] == 3


def test_a_lease_that_expired_is_lost_even_if_nobody_has_it() -> None:
    """Nobody else asks; at 130 ms the next one does."""
    outcomes = simulated(leased(lease_ttl="50ms"), at_ms(0, 130))

    assert calls_ms(outcomes) == [0, 130]


@pytest.mark.parametrize(
    ("gives_back", "calls"), [(True, [0, 135]), (False, [0, 1_010])]
)
def test_a_fetch_that_fails_gives_its_lease_back_or_lets_it_expire(
    *, gives_back: bool, calls: list[float]
) -> None:
    """It fails at 120 ms; the lease expires at 1,001 ms, and each 25 ms is a poll."""
    path = leased(faults=[FAILS_ONCE], gives_back=gives_back, lease_ttl="1s")
    outcomes = simulated(path, at_ms(0, 10))

    assert calls_ms(outcomes) == calls
    assert statuses(outcomes) == [500, 200]


@pytest.mark.parametrize(("gives_back", "calls"), [(True, [0, 60]), (False, [0])])
def test_a_client_that_leaves_gives_its_lease_back_or_not(
    *, gives_back: bool, calls: list[float]
) -> None:
    """It leaves at 50 ms; the next comes at 60 ms and leaves at 110 ms."""
    client = a_path({"timeout": {"after": "50ms", "cancels": True}}, an_origin())[0]
    path = [client, *leased(gives_back=gives_back)]

    assert calls_ms(simulated(path, at_ms(0, 60))) == calls


def test_errors_are_stored_for_their_own_ttl_alone() -> None:
    """As in redis.write."""
    missing = {"kind": "random", "probability": 1, "status": 404}
    without = simulated(leased(faults=[missing]), at_ms(0, 200, 400))
    stored = simulated(
        leased(faults=[missing], error_ttl={404: "1m"}), at_ms(0, 200, 400)
    )

    assert (hits(without), hits(stored)) == (3, 1)


def test_each_set_has_its_own_jitter() -> None:
    """Of 100 keys set at 120 ms for 1 s +- 5 %, about half are gone at 1,121 ms."""
    keys = [*range(100)]
    path = leased(ttl="1s", ttl_jitter="5%")
    found = lookups(simulated(path, at_ms(*[0] * 100, *[1_121] * 100, key=keys * 2)))

    assert 30 < found[100:].count(HIT) < 70


def test_with_single_flight_each_isolate_asks_once() -> None:
    """40 requests in four isolates, at the same instant: four look-ups and a set."""
    path = [*a_path("single_flight", an_origin())[:1], *leased(poll="200ms")]
    outcomes = simulated(
        path, at_ms(*[0] * 40, isolate=[number % 4 for number in range(40)])
    )

    assert hits(outcomes) == 1
    assert outcomes.usage["redis_commands"] == 4 + 1 + 3


def purged_at(at: str) -> Agenda:
    """Return the purge of all keys at an instant."""
    return Agenda([Purge.model_validate({"at": at})])


def test_a_purge_voids_the_lease_so_that_no_old_answer_is_stored() -> None:
    """Leased at 0 ms, purged at 60 ms: the set of 120 ms is refused.

    The next one, at 70 ms, gets a lease of its own, and its answer is stored at 190 ms.
    """
    outcomes = simulated(leased(), at_ms(0, 70, 121, 200), agenda=purged_at("60ms"))

    assert calls_ms(outcomes) == [0, 70]
    assert outcomes.usage["late_sets_refused"] == 1
    assert outcomes.request_rows.age_ns[3] == 10 * MS


@pytest.mark.parametrize(("stale_ttl", "lookup"), [("1s", STALE), ("0s", MISS)])
def test_what_is_purged_is_an_old_value(stale_ttl: str, lookup: int) -> None:
    """Purged at 200 ms, leased at 210 ms: who asks at 220 ms may get it."""
    path = leased(stale_ttl=stale_ttl)
    outcomes = simulated(path, at_ms(0, 210, 220), agenda=purged_at("200ms"))

    assert lookups(outcomes) == [MISS, MISS, lookup]
    assert calls_ms(outcomes) == [0, 210]


def test_a_lease_can_be_warm_at_the_start() -> None:
    """Fresh for another half a second."""
    warm = {"keys": "all", "age": "500ms"}
    outcomes = simulated(leased(ttl="1s", initial=warm), at_ms(0, 500, 501))

    assert lookups(outcomes) == [HIT, HIT, MISS]
