"""A story says when what happened, and by which row one sees it."""

import numpy as np

from simcoalesce import run
from simcoalesce.explain.timeline.event import Event
from simcoalesce.explain.timeline.timeline import timeline
from simcoalesce.metrics.stampede import stampedes
from simcoalesce.outcomes import Lookup
from tests.unit.explain.builders import a_scenario


def story(*overrides: str) -> tuple[Event, ...]:
    """Return the story of one run."""
    scenario = a_scenario(*overrides)
    return timeline(run(scenario, seed=3), scenario.path)


def told(*overrides: str) -> dict[str, Event]:
    """Return the story of one run, by kind of event; the first of each."""
    return {event.kind: event for event in reversed(story(*overrides))}


def test_a_story_is_told_in_the_order_of_time() -> None:
    """From the first arrival on."""
    events = story()

    assert [one.at_ns for one in events] == sorted(one.at_ns for one in events)
    assert events[0].kind == "arrivals_begin"


def test_the_first_refusal_is_that_of_the_rows() -> None:
    """With as many calls before it as the limit admits."""
    outcomes = run(a_scenario(), seed=3)
    calls = outcomes.origin_rows
    first = int(np.flatnonzero(calls.status == 429)[0])
    event = told()["first_429"]

    assert event.number == 60
    assert event.at_ns == calls.called_at_ns[first]
    assert event.request == calls.request[first]


def test_a_run_that_recovers_says_when() -> None:
    """The entry becomes readable while clients still come."""
    assert "recovery" in told()


def test_without_refusals_none_is_told() -> None:
    """Nor a recovery from them."""
    assert not told("origin.rate_limit=unlimited").keys() & {"first_429", "recovery"}


def test_refused_writes_are_told() -> None:
    """KV takes one a second for each key."""
    event = told("kv.writes_per_key=1/s")["writes_refused"]

    assert event.number > 10


def test_an_empty_run_has_no_story() -> None:
    """Nobody came."""
    later = a_scenario("traffic.arrivals[0].at=5m", "duration=1m")

    assert timeline(run(later, seed=1), later.path) == ()


def test_those_who_wait_for_the_first_answer_are_counted() -> None:
    """Nearly all of a burst, where misses share one fetch."""
    event = told("path=[kv.read, durable_object, kv.write, origin]")["first_answer"]

    assert event.number == 1
    assert event.waiting > 40


def test_where_nobody_waits_none_is_counted() -> None:
    """Each miss has a call of its own."""
    assert told()["first_answer"].waiting == 0


def test_an_answer_that_comes_after_its_request_has_gone_is_late() -> None:
    """The client hung up after 20 ms; the origin took 60."""
    path = "path=[{timeout: {after: 20ms, cancels: true}}, kv.read, kv.write, origin]"

    assert told(path)["first_answer"].is_late


def test_an_answer_in_time_is_not_late() -> None:
    """Who asked for it still waits."""
    assert not told()["first_answer"].is_late


def test_errors_that_are_no_429_are_told() -> None:
    """By whom, and how many."""
    path = "path=[{timeout: {after: 20ms}}, kv.read, kv.write, origin]"
    event = told(path, "origin.rate_limit=unlimited")["first_error"]

    assert (event.status, event.served_by) == (504, "timeout")
    assert event.number > 50


def test_refusals_alone_are_no_other_error() -> None:
    """They have lines of their own."""
    assert "first_error" not in told()


def test_the_refusals_of_a_stampede_are_those_of_its_misses() -> None:
    """However late they called: every miss beyond the limit was refused."""
    limit = "origin.rate_limit={kind: fixed_window, limit: 150, per: 5m}"
    late = ("traffic.arrivals[0].every=61s", "duration=100s", limit)
    outcomes = run(a_scenario(*late), seed=3)
    second = told(*late)["stampede"]

    assert second.calls == second.number
    assert second.refused == int(np.count_nonzero(outcomes.origin_rows.status == 429))


def test_a_stampede_that_shares_a_fetch_makes_one_call() -> None:
    """Its misses are many all the same."""
    cache = "path=[{bounded_retries: {ttl: 10s}}, origin]"
    event = told(cache, "traffic.arrivals[0].every=61s", "duration=100s")["stampede"]

    assert event.calls == 1
    assert event.number > 20


def test_of_many_stampedes_small_ones_are_summed_up() -> None:
    """Eight lines are enough, and none is passed over in silence."""
    often = ("traffic.arrivals[0].every=61s", "duration=20m")
    events = story("origin.rate_limit=unlimited", *often)
    (others,) = (one for one in events if one.kind == "more_stampedes")

    assert sum(one.kind == "stampede" for one in events) == 8
    assert others.number == 11


def test_the_first_hit_is_the_first_of_all_keys() -> None:
    """With the misses of its own key before it, at the instant of its answer."""
    outcomes = run(a_scenario("traffic.keys={kind: zipf, s: 1, n: 5}"), seed=3)
    rows = outcomes.request_rows
    first = int(np.flatnonzero(rows.lookup == int(Lookup.HIT))[0])
    event = told("traffic.keys={kind: zipf, s: 1, n: 5}")["first_hit"]

    assert event.request == rows.request[first]
    assert event.at_ns == rows.completed_at_ns[first]
    assert event.number == np.count_nonzero(rows.key[:first] == rows.key[first])


def test_no_hit_is_told_before_a_call_brought_the_value() -> None:
    """However long a read takes that finds it at its end."""
    slow = "kv.read_latency={median: 60ms, p99: 300ms}"
    known = told(slow)

    assert known["first_hit"].at_ns > known["first_answer"].at_ns


def test_who_comes_after_the_last_refusal_in_vain_is_counted() -> None:
    """Nobody, if the last refusal is that of the last client."""
    limit = "origin.rate_limit={kind: fixed_window, limit: 1, per: 5m}"

    assert told("path=[origin]", limit)["no_recovery"].number == 0


def test_a_stampede_is_one_where_a_layer_refuses_at_once() -> None:
    """Misses that a breaker turns away never overlap, and belong to it all the same."""
    outage = "origin.faults=[{kind: window, from: 50s, until: 70s, status: 503}]"
    rate = "traffic.arrivals=[{kind: rate, rate: 40/s}]"
    breaker = "path=[kv.read, kv.write, {circuit_breaker: {open_for: 10s}}, origin]"
    more = (outage, rate, breaker, "kv.ttl=30s", "origin.rate_limit=unlimited")
    outcomes = run(a_scenario(*more, "duration=90s"), seed=3)
    largest = max(
        one.number for one in story(*more, "duration=90s") if one.kind == "stampede"
    )

    assert largest == stampedes(outcomes).size.max() > 300


MIXED = "traffic.arrivals=[{kind: burst, requests: 200, within: 200ms, bypass: 30%}]"


def test_requests_that_ask_no_cache_are_told_with_their_calls() -> None:
    """As many as there are, and what the origin refuses of them."""
    outcomes = run(a_scenario(MIXED), seed=3)
    posts = outcomes.requests[outcomes.requests.lookup == "bypass"]
    calls = outcomes.origin_hits[outcomes.origin_hits.request.isin(posts.request)]
    event = told(MIXED)["bypass"]

    assert (event.number, event.calls) == (len(posts), len(calls))
    assert event.refused == (calls.status == 429).sum() > 0
    assert event.request == posts.request.iloc[0]


def test_the_first_call_of_a_story_is_of_a_request_that_missed() -> None:
    """Nobody waits for that of a POST, and nobody stores its answer."""
    outcomes = run(a_scenario(MIXED), seed=3)
    misses = outcomes.requests.request[outcomes.requests.lookup == "miss"]

    assert {told(MIXED)[kind].request for kind in ("first_call", "first_answer")} <= {
        *misses
    }


def test_where_all_ask_no_cache_there_is_no_stampede() -> None:
    """Two hundred calls are told, and not a single miss."""
    kinds = {one.kind for one in story(MIXED.replace("30%", "100%"))}

    assert "bypass" in kinds
    assert not kinds & {"first_call", "first_hit", "stampede", "surge"}
