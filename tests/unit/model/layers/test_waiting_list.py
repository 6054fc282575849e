"""waiting_list: those who ask for a busy key are let go in waves (Varnish's rules)."""

from collections import Counter
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

ALWAYS = [{"kind": "random", "probability": 1}]
TIMEOUT = {"timeout": {"after": "2s"}}


def test_a_cold_burst_costs_one_call_and_all_are_told() -> None:
    """Whoever waits is answered when the first is, however many there are."""
    outcomes = simulated(a_path("waiting_list", an_origin("120ms")), at_ms(*range(99)))

    assert hits(outcomes) == 1
    assert latencies_ms(outcomes) == [120 - arrived for arrived in range(99)]
    assert roles(outcomes) == [Role.LEADER] + [Role.FOLLOWER] * 98


def test_who_waits_does_so_without_limit() -> None:
    """There is no time-out on the list."""
    outcomes = simulated(a_path("waiting_list", an_origin("1h")), at_ms(0, 1))

    assert hits(outcomes) == 1


def test_an_answer_is_fresh_for_its_ttl_by_a_real_valued_clock() -> None:
    """It came at 120 ms for 1 s."""
    layer = {"waiting_list": {"ttl": "1s", "grace": "0s"}}
    outcomes = simulated(a_path(layer, an_origin("120ms")), at_ms(0, 1_119, 1_120))

    assert lookups(outcomes) == [0, 1, 0]


def test_in_grace_all_get_what_has_expired_and_one_fetches_in_the_background() -> None:
    """Expired at 1,120 ms, fetched by the first who asks, new at 1,320 ms."""
    path = a_path({"waiting_list": {"ttl": "1s"}}, an_origin("120ms"))
    outcomes = simulated(path, at_ms(0, 1_200, 1_210, 1_320))

    assert calls_ms(outcomes) == [0, 1_200]
    assert lookups(outcomes) == [0, Lookup.STALE, Lookup.STALE, Lookup.HIT]
    assert latencies_ms(outcomes)[1:] == [0, 0, 0]


def test_after_grace_the_key_is_cold() -> None:
    """One fetches, the others wait."""
    layer = {"waiting_list": {"ttl": "1s", "grace": "1s"}}
    outcomes = simulated(a_path(layer, an_origin("120ms")), at_ms(0, 2_120, 2_130))

    assert calls_ms(outcomes) == [0, 2_120]
    assert roles(outcomes) == [Role.LEADER, Role.LEADER, Role.FOLLOWER]


@pytest.mark.parametrize(("rush", "waves"), [(3, [1, 9, 81, 29]), (2, [1, 6, 36, 77])])
@pytest.mark.parametrize("fields", [{"faults": ALWAYS}, {"cacheable": False}])
def test_what_cannot_be_stored_lets_go_in_waves(
    rush: int, waves: list[int], fields: dict[str, Any]
) -> None:
    """Three times `rush` for each fetch that ends (as Varnish 7.1.1, measured)."""
    path = a_path({"waiting_list": {"rush": rush}}, an_origin("300ms", **fields))
    outcomes = simulated(path, at_ms(*range(120)))

    assert Counter(calls_ms(outcomes)) == {
        0: waves[0],
        300: waves[1],
        600: waves[2],
        900: waves[3],
    }


def test_those_who_came_first_are_let_go_first() -> None:
    """The list is a queue."""
    path = a_path({"waiting_list": {"rush": 1}}, an_origin("300ms", cacheable=False))
    outcomes = simulated(path, at_ms(*range(6)))

    assert outcomes.origin_rows.request.tolist() == [0, 1, 2, 3, 4, 5]
    assert calls_ms(outcomes) == [0, 300, 300, 300, 600, 600]


@pytest.mark.parametrize(("at", "calls"), [(132_299, 3), (132_300, 1)])
def test_nobody_waits_for_a_key_that_could_not_be_stored(at: int, calls: int) -> None:
    """From 300 ms on, for 120 s and the grace of 12 s after that."""
    fields = {"grace": "12s", "hit_for_miss": "120s"}
    path = a_path({"waiting_list": fields}, an_origin("300ms", cacheable=False))
    traffic = at_ms(0, at, at + 0.1, at + 0.2)
    outcomes = simulated(path, traffic)

    assert sum(call < at + 1 for call in calls_ms(outcomes)) - 1 == calls


def test_an_answer_that_can_be_stored_replaces_the_mark() -> None:
    """The origin fails once; from 500 ms on the key is an ordinary one."""
    fault = {"kind": "first", "calls": 1}
    path = a_path("waiting_list", an_origin("120ms", faults=[fault]))
    outcomes = simulated(path, at_ms(0, 300, 500))

    assert lookups(outcomes) == [0, 0, Lookup.HIT]


def test_without_a_mark_those_who_wait_fetch_one_after_the_other() -> None:
    """A ttl of zero that is delivered all the same: the k-th waits k fetches."""
    layer = {"waiting_list": {"hit_for_miss": "0s"}}
    path = a_path(layer, an_origin("300ms", cacheable=False))

    assert calls_ms(simulated(path, at_ms(0, 1, 2, 3))) == [0, 300, 600, 900]


def test_an_error_in_the_background_hides_what_is_in_grace() -> None:
    """The mark is what came last: those who were served now fetch, all of them."""
    fault = {"kind": "window", "from": "1s", "until": "1h"}
    path = a_path({"waiting_list": {"ttl": "1s"}}, an_origin("120ms", faults=[fault]))
    outcomes = simulated(path, at_ms(0, 1_200, 1_300, 1_400, 1_401))

    assert calls_ms(outcomes) == [0, 1_200, 1_400, 1_401]
    assert statuses(outcomes) == [200, 200, 200, 500, 500]


def test_a_failed_fetch_is_a_503_that_those_who_wait_get_too() -> None:
    """It is kept for 1 s, and 5 s of grace in which it is fetched again."""
    path = a_path("waiting_list", TIMEOUT, an_origin("5s"))
    outcomes = simulated(path, at_ms(0, 10, 2_500, 4_000, 4_001))

    assert statuses(outcomes) == [503] * 5
    assert latencies_ms(outcomes) == [2_000, 1_990, 0, 0, 0]
    assert lookups(outcomes)[2:] == [Lookup.HIT, Lookup.STALE, Lookup.STALE]
    assert calls_ms(outcomes) == [0, 4_000]


def test_a_failed_fetch_that_nobody_waits_for_is_not_kept() -> None:
    """Each fetches for itself."""
    path = a_path("waiting_list", TIMEOUT, an_origin("5s"))

    assert calls_ms(simulated(path, at_ms(0, 2_500))) == [0, 2_500]


def test_a_failed_fetch_need_not_be_kept_for_those_who_wait() -> None:
    """Then they fetch one after the other."""
    path = a_path(
        {"waiting_list": {"failed_fetch_ttl": "0s"}}, TIMEOUT, an_origin("5s")
    )

    assert calls_ms(simulated(path, at_ms(0, 10, 20))) == [0, 2_000, 4_000]


def test_a_fetch_is_stored_also_when_its_client_has_left() -> None:
    """Its next try has a hit."""
    client = {"timeout": {"after": "500ms", "cancels": True}}
    outcomes = simulated(
        a_path(client, "waiting_list", an_origin("800ms")), at_ms(0, 1_000)
    )

    assert (hits(outcomes), statuses(outcomes)) == (1, [504, 200])


def test_who_waits_and_who_comes_later_stream_one_body() -> None:
    """Headers at 120 ms end the wait; all get the last byte at 420 ms."""
    path = a_path("waiting_list", an_origin("120ms", body="300ms"))
    outcomes = simulated(path, at_ms(0, 119, 120, 400, 420))

    assert hits(outcomes) == 1
    assert latencies_ms(outcomes) == [420, 301, 300, 20, 0]
    assert lookups(outcomes) == [0, 0, Lookup.HIT, Lookup.HIT, Lookup.HIT]


def test_a_fetch_lets_others_go_at_its_headers_and_at_its_end() -> None:
    """One at the headers, two at the end: each who is let go does the same."""
    origin = an_origin("120ms", body="300ms", cacheable=False)
    path = a_path({"waiting_list": {"rush": 1}}, origin)
    outcomes = simulated(path, at_ms(0, 1, 2, 3, 4, 5, 6))

    assert calls_ms(outcomes) == [0, 120, 240, 360, 420, 420, 480]


def test_a_layer_that_takes_whole_answers_keeps_their_headers_back() -> None:
    """Behind one, the list is let go when the body is complete."""
    path = a_path("waiting_list", "single_flight", an_origin("120ms", body="300ms"))
    outcomes = simulated(path, at_ms(0, 130, 420))

    assert latencies_ms(outcomes) == [420, 290, 0]
    assert lookups(outcomes) == [0, 0, Lookup.HIT]


def test_an_answer_that_says_how_long_it_lasts_is_heeded_and_0_s_leaves_a_mark() -> (
    None
):
    """The second one lets all fetch at once; the first lasts 1 s, without grace."""
    origin = an_origin("120ms", max_age=["1s", "0s"])
    path = a_path({"waiting_list": {"grace": "0s"}}, origin)
    outcomes = simulated(path, at_ms(0, 1_119, 1_120, 1_250, 1_251))

    assert calls_ms(outcomes) == [0, 1_120, 1_250, 1_251]


def failing(first: int, until: str, **fields: Any) -> list[Any]:
    """Return a cache of 1 s and 10 s of grace, whose origin fails for a time."""
    fault = {"kind": "window", "from": f"{first}ms", "until": until, "status": 503}
    return a_path(
        {"waiting_list": {"ttl": "1s"} | fields}, an_origin("100ms", faults=[fault])
    )


def test_a_404_is_stored_like_content() -> None:
    """It came at 100 ms, and is a hit with its own status."""
    missing = {"kind": "first", "calls": 9, "status": 404}
    path = a_path("waiting_list", an_origin("100ms", faults=[missing]))
    outcomes = simulated(path, at_ms(0, 50, 200))

    assert hits(outcomes) == 1
    assert (statuses(outcomes), lookups(outcomes)) == ([404] * 3, [0, 0, 1])


def test_a_503_is_stored_for_its_own_time() -> None:
    """It came at 100 ms for 300 ms, without grace."""
    path = failing(0, "9s", error_ttl={503: "300ms"}, grace="0s")

    assert calls_ms(simulated(path, at_ms(0, 399, 400))) == [0, 400]


def test_a_refresh_that_fails_leaves_what_is_kept() -> None:
    """In grace all get it, and each refresh that ended lets the next begin."""
    path = failing(500, "9s", stale_if_error="10s")
    outcomes = simulated(path, at_ms(0, 2_000, 2_050, 2_150))

    assert calls_ms(outcomes) == [0, 2_000, 2_150]
    assert statuses(outcomes) == [200] * 4


def test_beyond_its_grace_content_stands_in_for_an_error_of_who_fetched_or_waited() -> (
    None
):
    """It came at 100 ms for 1 s; at 2 s one fetches, one waits, both get it."""
    path = failing(500, "9s", grace="0s", stale_if_error="5s")
    outcomes = simulated(path, at_ms(0, 2_000, 2_050, 7_000))

    assert calls_ms(outcomes) == [0, 2_000, 7_000]
    assert statuses(outcomes) == [200, 200, 200, 503]
    assert latencies_ms(outcomes) == [100, 100, 50, 100]


def test_under_a_hit_for_pass_nothing_is_stored() -> None:
    """Marked at 100 ms for 500 ms: at 600 ms one fetches, for all."""
    path = failing(0, "50ms", hit_for_pass="500ms")  # noqa: S106 - no password
    outcomes = simulated(path, at_ms(0, 20, 300, 599, 600, 650, 800))

    assert calls_ms(outcomes) == [0, 100, 300, 599, 600]
    assert roles(outcomes)[4:6] == [Role.LEADER, Role.FOLLOWER]
    assert lookups(outcomes)[6] == 1
