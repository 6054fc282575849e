"""lock: one request fetches a cold key; the others look again (nginx's rules)."""

from collections import Counter
from typing import Any

import pytest

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

ALWAYS = [{"kind": "random", "probability": 1}]
BRIEF = {"ttl": "1s"}


def expired(stale: str, *, latency: str = "120ms", **fields: Any) -> list[Any]:
    """Return a cache that keeps answers for a second, before an origin."""
    return a_path({"lock": BRIEF | {"stale": stale} | fields}, an_origin(latency))


def test_a_cold_burst_costs_one_call() -> None:
    """The first takes the lock."""
    outcomes = simulated(a_path("lock", an_origin("120ms")), at_ms(0, 10, 20, 119))

    assert hits(outcomes) == 1
    assert roles(outcomes) == [Role.LEADER] + [Role.FOLLOWER] * 3


def test_who_waits_is_answered_at_a_multiple_of_the_poll() -> None:
    """From its own arrival on: nobody tells it when the answer comes."""
    outcomes = simulated(a_path("lock", an_origin("620ms")), at_ms(0, 100, 130, 700))

    assert latencies_ms(outcomes) == [620, 1_000, 500, 0]


def test_who_looks_as_the_answer_comes_sees_it() -> None:
    """What completes comes before what starts."""
    outcomes = simulated(a_path("lock", an_origin("600ms")), at_ms(0, 100))

    assert latencies_ms(outcomes)[1] == 500


def test_who_has_waited_long_enough_fetches_for_itself_and_stores_nothing() -> None:
    """At 1 s the second fetches too; at 1.5 s its answer is in no cache."""
    path = a_path({"lock": {"timeout": "900ms", "age": "1h"}}, an_origin("3s"))
    outcomes = simulated(path, at_ms(0, 100, 2_500))

    assert calls_ms(outcomes) == [0, 1_100]
    assert roles(outcomes) == [Role.LEADER, Role.LEADER, Role.FOLLOWER]


def test_a_time_out_that_is_no_multiple_of_the_poll_is_noticed_late() -> None:
    """Only the first wait is cut to it: 300 ms would be on time, 700 ms is not."""
    waits = {}
    for timeout in ("300ms", "700ms"):
        path = a_path({"lock": {"timeout": timeout}}, an_origin("3s"))
        waits[timeout] = calls_ms(simulated(path, at_ms(0, 1)))[1] - 1

    assert waits == {"300ms": 300, "700ms": 1_000}


def test_a_request_that_may_not_wait_fetches_at_once() -> None:
    """With a time-out of zero there is no lock at all, but for the storing."""
    path = a_path({"lock": {"timeout": "0ms"}}, an_origin("120ms"))

    assert calls_ms(simulated(path, at_ms(0, 10, 20))) == [0, 10, 20]


def test_a_lock_that_is_old_lets_one_more_through() -> None:
    """At its age of 1 s, which a wait is cut to; the third goes on waiting."""
    path = a_path({"lock": {"age": "1s"}}, an_origin("1800ms"))
    outcomes = simulated(path, at_ms(0, 300, 400))

    assert calls_ms(outcomes) == [0, 1_000]
    assert latencies_ms(outcomes) == [1_800, 2_500, 1_600]


def test_whoever_stores_an_answer_opens_the_lock() -> None:
    """The old fetch ends first; nobody waits for the one that has the lock."""
    path = a_path({"lock": {"age": "1s"}}, an_origin("1800ms"))
    outcomes = simulated(path, at_ms(0, 300, 1_790))

    assert latencies_ms(outcomes)[2] == 500


def test_a_fetch_that_fails_lets_one_successor_go() -> None:
    """Those who look while it fetches go on waiting."""
    path = a_path("lock", an_origin("120ms", faults=[{"kind": "first", "calls": 2}]))
    outcomes = simulated(path, at_ms(0, 10, 20, 30))

    assert calls_ms(outcomes) == [0, 510, 1_020]
    assert statuses(outcomes) == [500, 500, 200, 200]
    assert latencies_ms(outcomes) == [120, 620, 1_120, 1_500]


def test_a_lock_taken_over_is_not_opened_by_the_failure_of_its_first_holder() -> None:
    """It fails at 1.3 s; the one that began at 1 s still has the lock."""
    fault = {"kind": "first", "calls": 1, "takes": "1300ms"}
    path = a_path({"lock": {"age": "1s"}}, an_origin("600ms", faults=[fault]))
    outcomes = simulated(path, at_ms(0, 300, 1_350))

    assert calls_ms(outcomes) == [0, 1_000]
    assert latencies_ms(outcomes) == [1_300, 1_300, 500]


def test_an_expired_answer_is_fetched_by_everybody() -> None:
    """The lock is for cold keys; stored at 120 ms for 1 s, gone at 2 s."""
    outcomes = simulated(expired("none"), at_ms(0, 2_000, 2_050, 2_100, 2_200))

    assert calls_ms(outcomes) == [0, 2_000, 2_050, 2_100]
    assert lookups(outcomes)[4] == Lookup.HIT


def test_one_fetches_what_has_expired_while_the_others_get_it() -> None:
    """With `use_stale updating`: the one waits."""
    outcomes = simulated(expired("updating"), at_ms(0, 2_000, 2_050, 2_200))

    assert calls_ms(outcomes) == [0, 2_000]
    assert lookups(outcomes) == [0, 0, Lookup.STALE, Lookup.HIT]
    assert latencies_ms(outcomes) == [120, 120, 0, 0]


def test_nobody_waits_for_what_is_fetched_in_the_background() -> None:
    """With `background_update` also the first gets the expired answer."""
    outcomes = simulated(expired("background"), at_ms(0, 2_000, 2_050, 2_200))

    assert calls_ms(outcomes) == [0, 2_000]
    assert lookups(outcomes) == [0, Lookup.STALE, Lookup.STALE, Lookup.HIT]
    assert latencies_ms(outcomes) == [120, 0, 0, 0]


@pytest.mark.parametrize("stale", ["updating", "background"])
def test_on_a_cold_key_no_stale_rule_helps(stale: str) -> None:
    """There is nothing to serve: the second waits for its poll."""
    assert latencies_ms(simulated(expired(stale), at_ms(0, 10))) == [120, 500]


@pytest.mark.parametrize(("at", "status"), [(2_000, 200), (4_999, 200), (5_000, 500)])
def test_an_expired_answer_stands_in_for_an_error_for_its_time(
    at: int, status: int
) -> None:
    """Expired at 2 s, for 3 s."""
    fault = {"kind": "window", "from": "1s", "until": "1h"}
    path = a_path(
        {"lock": BRIEF | {"stale_if_error": "3s"}}, an_origin("120ms", faults=[fault])
    )
    outcomes = simulated(path, at_ms(0, at))

    assert statuses(outcomes) == [200, status]
    assert lookups(outcomes)[1] == (Lookup.STALE if status == 200 else Lookup.MISS)


@pytest.mark.parametrize(("named", "status"), [([429], 503), ([429, 503], 200)])
def test_an_expired_answer_stands_in_for_the_errors_that_are_named(
    named: list[int], status: int
) -> None:
    """As nginx's `proxy_cache_use_stale http_429 http_503`."""
    fault = {"kind": "window", "from": "1s", "until": "1h", "status": 503}
    fields = BRIEF | {"stale_if_error": "1h", "stale_on": named}
    path = a_path({"lock": fields}, an_origin("120ms", faults=[fault]))

    assert statuses(simulated(path, at_ms(0, 4_000))) == [200, status]


@pytest.mark.parametrize(("ignores", "calls"), [(False, 3), (True, 1)])
def test_the_answer_to_a_client_that_has_left_is_thrown_away(
    *,
    ignores: bool,
    calls: int,
) -> None:
    """A client that gives up before the origin answers fills no cache, ever."""
    path = a_path(
        {"timeout": {"after": "500ms", "cancels": True}},
        {"lock": {"ignore_client_abort": ignores}},
        an_origin("800ms"),
    )
    outcomes = simulated(path, at_ms(0, 1_000, 2_000))

    assert hits(outcomes) == calls


def test_who_waits_for_a_lock_does_not_notice_that_its_client_has_left() -> None:
    """It takes the lock all the same, and its fetch is of no use to anybody."""
    path = a_path(
        {"timeout": {"after": "300ms", "cancels": True}}, "lock", an_origin("450ms")
    )

    assert calls_ms(simulated(path, at_ms(0, 10))) == [0, 510]


@pytest.mark.parametrize(
    ("extra", "calls"), [({}, [0]), ({"ignore_client_abort": True}, [0, 1_100])]
)
def test_who_has_waited_too_long_for_a_client_that_has_left_does_not_fetch(
    extra: dict[str, Any], calls: list[float]
) -> None:
    """At 1.1 s it would fetch for itself, but its client left at 400 ms."""
    client = {"timeout": {"after": "300ms", "cancels": True}}
    lock = {"timeout": "900ms", "age": "1h"} | extra
    path = a_path(client, {"lock": lock}, an_origin("3s"))

    assert calls_ms(simulated(path, at_ms(0, 100))) == calls


def test_a_dead_origin_is_asked_one_by_one_and_then_by_all() -> None:
    """One request at each poll for 5 s, and every other 5 s after it came."""
    path = a_path("lock", an_origin("120ms", faults=ALWAYS))
    calls = Counter(calls_ms(simulated(path, at_ms(0, *[10] * 30))))

    assert calls.pop(5_010) == 30 - 9
    assert calls == dict.fromkeys([0, *range(510, 4_600, 500)], 1)


def test_it_stands_in_front_of_other_layers_too() -> None:
    """What comes out of KV is kept as well; its leader had a hit there."""
    path = a_path("lock", "kv.read", "kv.write", an_origin("120ms"))
    traffic = at_ms(0, 1_000, 1_001, location=[0, 1, 1])
    outcomes = simulated(path, traffic)

    assert (hits(outcomes), lookups(outcomes)) == (1, [0, 1, 1])
    assert outcomes.request_rows.role.tolist() == [1, 1, 2]
    assert outcomes.request_rows.latency_ns.tolist()[1:] == [5 * MS, 500 * MS]


def test_an_answer_is_shared_when_it_is_complete_and_ages_from_its_headers() -> None:
    """Headers at 120 ms, the body at 420 ms; who waits looks at 630 ms."""
    path = a_path(
        {"lock": {"ttl": "1s", "whole_seconds": False}},
        an_origin("120ms", body="300ms"),
    )
    outcomes = simulated(path, at_ms(0, 130, 420, 1_119, 1_120))

    assert calls_ms(outcomes) == [0, 1_120]
    assert latencies_ms(outcomes) == [420, 500, 0, 0, 420]


@pytest.mark.parametrize(("patience", "calls"), [("100ms", 2), ("200ms", 1)])
def test_a_client_that_leaves_after_the_headers_does_not_spoil_the_answer(
    patience: str, calls: int
) -> None:
    """Headers at 120 ms: who left before has its answer thrown away."""
    client = {"timeout": {"after": patience, "cancels": True}}
    path = a_path(client, "lock", an_origin("120ms", body="300ms"))

    assert hits(simulated(path, at_ms(0, 430))) == calls


def test_what_says_0_s_is_not_stored_and_opens_the_lock_for_one() -> None:
    """Who waits looks at 510 and 520 ms; the second fetch says 60 s."""
    path = a_path("lock", an_origin("120ms", max_age=["0s", "60s"]))
    outcomes = simulated(path, at_ms(0, 10, 20, 640))

    assert calls_ms(outcomes) == [0, 510]
    assert latencies_ms(outcomes) == [120, 620, 1_000, 0]


def test_without_its_lock_all_who_miss_a_cold_key_fetch() -> None:
    """And the first answer is there for the next."""
    path = a_path({"lock": {"locks": False}}, an_origin("120ms"))

    assert calls_ms(simulated(path, at_ms(0, 60, 119, 120))) == [0, 60, 119]


def test_without_its_lock_one_still_updates_what_has_expired() -> None:
    """It came at 120 ms for 1 s, to the end of the second: gone at 2 s."""
    outcomes = simulated(expired("updating", locks=False), at_ms(0, 2_000, 2_050))

    assert calls_ms(outcomes) == [0, 2_000]
    assert lookups(outcomes) == [Lookup.MISS, Lookup.MISS, Lookup.STALE]


def test_a_stored_error_is_served_and_once_expired_no_lock_covers_it() -> None:
    """It came at 120 ms for 1 s, to the end of the second: at 2 s all fetch."""
    down = an_origin("120ms", faults=ALWAYS)
    path = a_path({"lock": {"error_ttl": {"5xx": "1s"}}}, down)
    outcomes = simulated(path, at_ms(0, 130, 1_999, 2_000, 2_050))

    assert calls_ms(outcomes) == [0, 2_000, 2_050]
    assert set(statuses(outcomes)) == {500}


def test_lifetimes_of_errors_are_whole_seconds_too() -> None:
    """As the clock of nginx counts them."""
    with pytest.raises(ValueError, match=r"an error_ttl \(404\) of 500ms is not one"):
        a_path({"lock": {"error_ttl": {404: "500ms"}}}, an_origin())


@pytest.mark.parametrize("stale", ["none", "updating", "background"])
def test_an_error_for_which_an_expired_answer_stands_in_is_not_stored(
    stale: str,
) -> None:
    """Content is gone at 2 s; the 503 of 2,120 ms would be a hit at 2,200 ms."""
    down = {"kind": "window", "from": "1s", "until": "9s", "status": 503}
    fields = BRIEF | {"error_ttl": {"5xx": "5s"}, "stale_if_error": "1h"}
    path = a_path(
        {"lock": fields | {"stale": stale}}, an_origin("120ms", faults=[down])
    )
    outcomes = simulated(path, at_ms(0, 2_000, 2_200))

    assert calls_ms(outcomes) == [0, 2_000, 2_200]
    assert lookups(outcomes) == [Lookup.MISS, Lookup.STALE, Lookup.STALE]
