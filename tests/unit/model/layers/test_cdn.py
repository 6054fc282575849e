"""cdn: a cache of the location, with or without collapsing."""

from typing import Any

import pytest

from simcoalesce.outcomes import Lookup, Role
from tests.builders import (
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

FIRST_FAILS = {"kind": "first", "calls": 1, "status": 503}
CLIENT = {"timeout": {"after": "500ms", "cancels": True}}


def cached(latency: str = "120ms", **fields: Any) -> list[Any]:
    """Return a cache before an origin."""
    return a_path({"cdn": fields}, an_origin(latency))


def failing(status: int) -> list[Any]:
    """Return a cache before an origin that always fails."""
    fault = {"kind": "random", "probability": 1, "status": status}
    return a_path("cdn", an_origin("120ms", faults=[fault]))


def test_a_cold_burst_costs_one_call_and_all_are_told() -> None:
    """Those who wait are answered when the first is."""
    outcomes = simulated(cached(), at_ms(0, 10, 119))

    assert (hits(outcomes), latencies_ms(outcomes)) == (1, [120, 110, 1])
    assert roles(outcomes) == [Role.LEADER, Role.FOLLOWER, Role.FOLLOWER]


def test_without_a_lock_each_miss_fetches() -> None:
    """Until the first answer is there."""
    assert calls_ms(simulated(cached(lock=False), at_ms(0, 60, 119, 120))) == [
        0,
        60,
        119,
    ]


@pytest.mark.parametrize(
    ("lock", "calls"), [(True, [0, 1_120]), (False, [0, 1_120, 1_130])]
)
def test_an_expired_answer_is_fetched_by_one_or_by_all(
    *,
    lock: bool,
    calls: list[int],
) -> None:
    """The lock is for cold and for expired keys."""
    outcomes = simulated(cached(ttl="1s", lock=lock), at_ms(0, 1_120, 1_130))

    assert calls_ms(outcomes) == calls


def test_what_is_served_stale_is_fetched_once_in_the_background() -> None:
    """Nobody waits; new from 1,320 ms on."""
    path = cached(ttl="1s", stale_while_revalidate="10s")
    outcomes = simulated(path, at_ms(0, 1_200, 1_210, 1_320))

    assert calls_ms(outcomes) == [0, 1_200]
    assert lookups(outcomes) == [0, Lookup.STALE, Lookup.STALE, Lookup.HIT]


def test_without_a_lock_each_who_is_served_stale_fetches() -> None:
    """RFC 5861 does not say that there is one revalidation."""
    path = cached(ttl="1s", stale_while_revalidate="10s", lock=False)

    assert calls_ms(simulated(path, at_ms(0, 1_200, 1_210))) == [0, 1_200, 1_210]


def test_what_may_not_be_shared_lets_all_who_wait_go_at_once() -> None:
    """Each fetches for itself; the wait was for nothing."""
    path = a_path("cdn", an_origin("120ms", cacheable=False))
    outcomes = simulated(path, at_ms(0, 10, 20, 30))

    assert calls_ms(outcomes) == [0, 120, 120, 120]
    assert roles(outcomes) == [Role.LEADER] * 4


def test_who_comes_then_waits_for_one_of_those_who_were_let_go() -> None:
    """It is let go in its turn, with all who came meanwhile."""
    path = a_path("cdn", an_origin("120ms", cacheable=False))
    outcomes = simulated(path, at_ms(0, 10, 20, 130, 140))

    assert calls_ms(outcomes) == [0, 120, 120, 240, 240]


@pytest.mark.parametrize("status", [404, 500, 503])
def test_those_who_wait_for_an_error_fetch_once_more_and_share_what_comes(
    status: int,
) -> None:
    """Squid 5.7 with its `negative_ttl` of 0, observed; a newcomer begins anew."""
    outcomes = simulated(failing(status), at_ms(0, 10, 20, 130, 140))

    assert calls_ms(outcomes) == [0, 120, 130, 250]
    assert latencies_ms(outcomes) == [120, 230, 220, 120, 230]
    assert roles(outcomes) == [1, 1, Role.FOLLOWER, 1, 1]


def test_an_error_instead_of_an_expired_answer_is_shared_at_once() -> None:
    """Those who wait have waited for a renewal, and not for the error's (Squid 5.7)."""
    window = {"kind": "window", "from": "1s", "until": "2s", "status": 503}
    path = a_path({"cdn": {"ttl": "1s"}}, an_origin("120ms", faults=[window]))

    outcomes = simulated(path, at_ms(0, 1_120, 1_130, 1_240))

    assert calls_ms(outcomes) == [0, 1_120, 1_240]
    assert statuses(outcomes) == [200, 503, 503, 503]


def test_what_is_stored_meanwhile_is_lost_to_a_fetch_that_others_wait_for() -> None:
    """Its answer takes it away, and is not kept itself (Squid 5.7, observed)."""
    path = a_path("cdn", an_origin("120ms", faults=[FIRST_FAILS]))

    outcomes = simulated(path, at_ms(0, 10, 130, 245, 255))

    assert calls_ms(outcomes) == [0, 120, 130, 255]
    assert lookups(outcomes)[3:] == [Lookup.HIT, Lookup.MISS]


def test_a_429_is_not_shared() -> None:
    """Each who waited fetches, together."""
    assert calls_ms(simulated(failing(429), at_ms(0, 10, 20))) == [0, 120, 120]


def test_an_error_is_not_kept() -> None:
    """The next fetches again."""
    assert hits(simulated(failing(500), at_ms(0, 120))) == 2


@pytest.mark.parametrize("lock", [True, False])
@pytest.mark.parametrize(("abandons", "calls"), [(False, 1), (True, 2)])
def test_a_fetch_goes_on_without_its_client_unless_it_is_abandoned(
    *,
    lock: bool,
    abandons: bool,
    calls: int,
) -> None:
    """What comes at 800 ms is stored, or never comes."""
    layer = {"cdn": {"abandons": abandons, "lock": lock}}
    outcomes = simulated(a_path(CLIENT, layer, an_origin("800ms")), at_ms(0, 1_000))

    assert hits(outcomes) == calls


def test_those_who_wait_keep_a_fetch_alive() -> None:
    """The second's client is there when the answer comes."""
    path = a_path(CLIENT, {"cdn": {"abandons": True}}, an_origin("800ms"))
    outcomes = simulated(path, at_ms(0, 400))

    assert (hits(outcomes), statuses(outcomes)) == (1, [504, 200])


def test_a_fetch_in_the_background_is_not_abandoned() -> None:
    """It has no client that could leave."""
    layer = {"cdn": {"abandons": True, "ttl": "1s", "stale_while_revalidate": "1s"}}
    latency = {"kind": "window", "from": "0s", "until": "500ms", "takes": "100ms"}
    origin = an_origin("1s", faults=[latency | {"status": 200}])
    path = a_path(CLIENT, layer, origin)
    outcomes = simulated(path, at_ms(0, 1_600, 2_300, 2_700))

    assert calls_ms(outcomes) == [0, 1_600]
    assert lookups(outcomes)[3] == Lookup.HIT


@pytest.mark.parametrize(
    ("cache", "calls"),
    [
        ({"abandons": True, "whole_seconds": True}, [0, 2_000]),
        ({"whole_seconds": True}, [0, 3_000]),
        ({"whole_seconds": False}, [0, 3_300]),
    ],
    ids=["squid", "haproxy", "real-valued"],
)
def test_by_whole_seconds_a_lifetime_ends_with_its_second(
    cache: dict[str, Any], calls: list[int]
) -> None:
    """Asked for at 0 for 2 s, stored at 1.3 s; Squid takes the fetch's second off."""
    path = cached("1300ms", ttl="2s", **cache)
    outcomes = simulated(path, at_ms(0, *range(1_300, 3_400, 100)))

    assert calls_ms(outcomes) == calls


def test_a_second_counts_from_when_an_answer_is_stored() -> None:
    """Asked for at 0.808 s, stored at 1.111 s: still there at 2.248 s, after 2 s."""
    path = cached("303ms", ttl="2s", whole_seconds=True, clock_offset="808ms")
    outcomes = simulated(path, at_ms(0, 1_440))

    assert calls_ms(outcomes) == [0]


def test_it_stands_before_a_worker_and_behind_one() -> None:
    """What it has saves a look into KV; what KV has saves it a fetch."""
    before = simulated(a_path("cdn", "kv.read", "kv.write", an_origin()), at_ms(0, 500))
    behind = simulated(a_path("kv.read", "cdn", "kv.write", an_origin()), at_ms(0, 500))

    assert before.usage["kv_reads"] == 1
    assert behind.usage["kv_reads"] == 2


def slow_body(**fields: Any) -> list[Any]:
    """Return a cache before an origin with headers at 120 ms, a body at 420 ms."""
    return a_path({"cdn": fields}, an_origin("120ms", body="300ms"))


@pytest.mark.parametrize(("lock", "calls"), [(True, [0]), (False, [0, 119])])
def test_answers_are_shared_from_their_headers_on(
    *, lock: bool, calls: list[int]
) -> None:
    """With collapsed forwarding and without it; the last byte comes at its time."""
    outcomes = simulated(slow_body(lock=lock), at_ms(0, 119, 120))

    assert calls_ms(outcomes) == calls
    assert latencies_ms(outcomes)[2] == 300


@pytest.mark.parametrize(("lock", "calls"), [(True, [0]), (False, [0, 120, 419])])
def test_answers_may_be_shared_when_they_are_whole(
    *, lock: bool, calls: list[int]
) -> None:
    """As nginx does: until then who comes waits for the fetch, or fetches."""
    path = slow_body(lock=lock, incomplete="whole")

    assert calls_ms(simulated(path, at_ms(0, 120, 419, 420))) == calls


@pytest.mark.parametrize("incomplete", ["streams", "whole"])
def test_a_lifetime_begins_with_the_headers(incomplete: str) -> None:
    """It is over one second after 120 ms, whenever the body came."""
    path = slow_body(ttl="1s", incomplete=incomplete)

    assert calls_ms(simulated(path, at_ms(0, 1_119, 1_120))) == [0, 1_120]


def test_a_straggler_displaces_what_is_complete() -> None:
    """The call of 400 ms has its headers at 520 ms; what was there from 420 ms goes.

    Those of 530 and 819 ms find nothing complete; at 820 ms the answer of 400 ms is,
    which the headers of 650 ms could not displace.
    """
    path = slow_body(lock=False, incomplete="displaces")
    outcomes = simulated(path, at_ms(0, 400, 420, 519, 530, 819, 820))

    assert calls_ms(outcomes) == [0, 400, 530, 819]


def test_a_stampede_can_destroy_its_own_answer_for_ever() -> None:
    """One every 100 ms: when a body is complete, other headers come."""
    path = slow_body(lock=False, incomplete="displaces")
    outcomes = simulated(path, at_ms(*range(0, 3_000, 100)))

    assert hits(outcomes) == 30


def test_what_displaces_is_without_a_lock() -> None:
    """No real cache has both."""
    with pytest.raises(ValueError, match="write lock: false as well"):
        cached(incomplete="displaces")


def test_a_cache_before_a_cache_streams_too() -> None:
    """Who comes at 120 ms hits the outer one."""
    path = a_path("cdn", "cdn", an_origin("120ms", body="300ms"))
    outcomes = simulated(path, at_ms(0, 120))

    assert lookups(outcomes) == [0, Lookup.HIT]
    assert latencies_ms(outcomes) == [420, 300]


def saying(*max_age: str, **fields: Any) -> list[Any]:
    """Return a cache before an origin whose answers say how long they last."""
    return a_path({"cdn": fields}, an_origin("120ms", max_age=[*max_age]))


def test_who_waited_for_what_has_expired_renews_it_once_together() -> None:
    """The second call is shared, by who came meanwhile too: it is a renewal."""
    outcomes = simulated(saying("0s"), at_ms(0, 10, 20, 130, 241))

    assert calls_ms(outcomes) == [0, 120, 241]
    assert latencies_ms(outcomes) == [120, 230, 220, 110, 120]


def test_a_fetch_as_long_as_its_lifetime_is_renewed_by_those_who_waited() -> None:
    """By whole seconds, less the one of the fetch: expired at 1,500 ms."""
    squid = {"ttl": "1s", "whole_seconds": True, "abandons": True}
    outcomes = simulated(cached("1500ms", **squid), at_ms(0, 10, 1_600))

    assert calls_ms(outcomes) == [0, 1_500]
    assert latencies_ms(outcomes) == [1_500, 2_990, 1_400]


@pytest.mark.parametrize(
    ("incomplete", "calls"),
    [("streams", [0, 60, 180]), ("whole", [0, 60]), ("displaces", [0, 60])],
)
def test_what_has_expired_replaces_what_has_not(
    incomplete: str, calls: list[int]
) -> None:
    """In Squid; nginx and HAProxy do not store it."""
    path = saying("60s", "0s", lock=False, incomplete=incomplete)

    assert calls_ms(simulated(path, at_ms(0, 60, 130, 180))) == calls
