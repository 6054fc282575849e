"""Each sentence of a timeline is true of its rows and of its path."""

import pytest

from simcoalesce import run
from simcoalesce.explain.timeline.event import Event
from simcoalesce.explain.timeline.timeline import timeline
from simcoalesce.report.blocks.timeline import event_text
from tests.unit.explain.builders import a_scenario

AGAIN = ("traffic.arrivals[0].every=61s", "duration=100s")
NO_LIMIT = "origin.rate_limit=unlimited"


def sentences(*overrides: str) -> dict[str, str]:
    """Return the timeline of one run in words, the first of each kind."""
    scenario = a_scenario(*overrides)
    outcomes = run(scenario, seed=3)
    events = reversed(timeline(outcomes, scenario.path, scenario.changes))
    return {one.kind: event_text(one, scenario, outcomes) for one in events}


@pytest.mark.parametrize(
    "path",
    [
        "[lock, origin]",
        "[waiting_list, origin]",
        "[bounded_retries, origin]",
        "[cdn, origin]",
        "[memory, origin]",
        "[single_flight, origin]",
        "[durable_object, origin]",
        "[origin]",
    ],
)
def test_kv_is_not_spoken_of_where_there_is_none(path: str) -> None:
    """No write to it, and no value that it shows."""
    assert "KV" not in " ".join(sentences(f"path={path}").values())


def test_isolates_that_start_cold_are_counted_in_a_sentence() -> None:
    """One at each location where all requests go home."""
    told = sentences("traffic.routing=sharded", "worker.cold_start=5ms")

    assert told["cold_starts"] == "Isolates start cold: 1 isolate."
    assert "cold_starts" not in sentences()


def test_who_waits_for_the_first_answer_is_told() -> None:
    """They made no call."""
    told = sentences("path=[lock, origin]")["first_answer"]

    assert "1 call has been made so far; " in told
    assert told.endswith("more requests wait for it.")


def test_an_answer_for_which_nobody_waits_starts_no_write() -> None:
    """Its client had hung up."""
    path = "[{timeout: {after: 20ms, cancels: true}}, kv.read, kv.write, origin]"
    told = sentences(f"path={path}")["first_answer"]

    assert "its request no longer waits for it" in told
    assert "KV" not in told


def test_a_hit_is_from_the_cache_that_the_path_has() -> None:
    """KV, an HTTP cache, or memory."""
    shown = [
        sentences(f"path={path}", NO_LIMIT)["first_hit"]
        for path in ("[kv.read, kv.write, origin]", "[cdn, origin]", "[memory, origin]")
    ]

    assert shown[0].startswith("The first cache hit: KV shows the value.")
    assert shown[1].startswith("The first cache hit: the cache has the answer.")
    assert "in memory" in shown[2]


def test_a_miss_window_is_named_where_a_closed_form_gives_it() -> None:
    """Else nobody knows which."""
    scenario = a_scenario()
    outcomes = run(scenario, seed=3)
    events = timeline(outcomes, scenario.path)
    (hit,) = (one for one in events if one.kind == "first_hit")

    assert "window" not in event_text(hit, scenario, outcomes)
    assert "and the miss window is over" in event_text(
        hit, scenario, outcomes, has_miss_window=True
    )


def test_a_hit_of_what_was_stored_before_ends_no_miss_window() -> None:
    """Nobody has missed."""
    scenario = a_scenario("kv.initial={keys: all, age: 0ms}")
    outcomes = run(scenario, seed=3)
    (hit,) = (
        one for one in timeline(outcomes, scenario.path) if one.kind == "first_hit"
    )
    told = event_text(hit, scenario, outcomes, has_miss_window=True)

    assert told == "The first cache hit: KV shows the value."


def test_a_stampede_that_shares_fetches_tells_its_calls() -> None:
    """Where each miss calls, the misses say it all."""
    cache = "path=[{bounded_retries: {ttl: 10s}}, origin]"
    shared = sentences(cache, *AGAIN)["stampede"]
    each = sentences(*AGAIN, NO_LIMIT)["stampede"]

    assert shared.endswith("misses, 1 origin call.")
    assert each.endswith("misses.")


def test_of_many_keys_and_locations_each_is_named() -> None:
    """There is no next stampede where there are several."""
    many = ("traffic.keys={kind: zipf, s: 1, n: 5}", "traffic.locations={a: 1, b: 1}")
    told = sentences(*many)

    assert "for 5 keys" in told["arrivals_begin"]
    assert told["stampede"].startswith("A stampede of key-")
    assert " at " in told["first_hit"]


FORTY = "kind: even, requests: 40, every_request: 10ms"
EXPIRING = (
    f"traffic.arrivals=[{{{FORTY}}}, {{{FORTY}, at: 70s}}]",
    "traffic.keys={kind: zipf, s: 0, n: 200}",
    "duration=100s",
    NO_LIMIT,
)


def test_a_surge_says_whether_what_is_missed_had_expired() -> None:
    """As the age says that it had in the meantime, by what the layers keep."""
    scenario = a_scenario(*EXPIRING, "traffic.keys.n=20", "kv.ttl=60s")
    outcomes = run(scenario, seed=3)
    told = [
        event_text(one, scenario, outcomes)
        for one in timeline(outcomes, scenario.path)
        if one.kind == "surge"
    ]

    assert "None of the keys had been served before." in told[0]
    assert " had expired: the last fetch was 70" in told[1]


def test_where_nothing_is_stored_a_surge_is_of_requests() -> None:
    """Nothing is missed there."""
    told = sentences(*EXPIRING, "path=[origin]")["surge_of_requests"]

    assert told.startswith("A surge, 390 ms long: 40 requests for ")
    assert told.endswith(" 40 origin calls, none refused, at most 6 in flight.")


def test_what_stores_hold_at_the_start_is_told() -> None:
    """Not that the key is in no cache."""
    warm = sentences("kv.initial={keys: all}")["arrivals_begin"]
    first = sentences("path=[{cdn: {initial: {keys: top 1}}}, origin]")

    assert warm.endswith("arrives. KV holds all keys.")
    assert first["arrivals_begin"].endswith("arrives. The cdn holds the first key.")


def test_a_purge_is_told() -> None:
    """At its instant, with what it reaches."""
    every = sentences("changes=[{at: 1s, purge: {keys: all}}]")["change"]
    path = "path=[memory, kv.read, kv.write, origin]"
    named = sentences("changes=[{at: 1s, purge: {stores: [kv, memory]}}]", path)

    assert every == "A purge: the stores drop all keys."
    assert named["change"] == "A purge: KV and memory drop all keys."


def test_an_error_is_told_with_who_made_it() -> None:
    """And told apart from refusals where there are both."""
    path = "path=[{timeout: {after: 20ms}}, kv.read, kv.write, origin]"
    alone, beside = sentences(path, NO_LIMIT), sentences(path)

    assert alone["first_error"].startswith("The first error: a 504 from the timeout.")
    assert beside["first_error"].startswith("The first error besides 429: ")


def test_a_client_that_hangs_up_is_told_as_such() -> None:
    """No layer made the error."""
    path = "path=[{abandon: {after: 20ms}}, kv.read, kv.write, origin]"
    told = sentences(path, NO_LIMIT)["first_error"]

    assert told.startswith("The first error: a client hangs up (499).")


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (
            Event(0, "no_recovery", 0, ""),
            "The last 429 of the run; no request arrives later.",
        ),
        (
            Event(0, "no_recovery", 3, ""),
            "The last 429 of the run. None of 3 later requests gets an answer.",
        ),
        (
            Event(0, "no_recovery", 1, "", requests=1),
            (
                "The last 429 of the run, which is nearly over: 1 request comes after"
                " it."
            ),
        ),
        (
            Event(0, "recovery", 7, "", requests=9, until_ns=2 * 10**9),
            (
                "After the last 429, at 2,000 ms: 7 of 9 later requests get an answer,"
                " this one first."
            ),
        ),
        (
            Event(0, "recovery", 1, "", requests=1, until_ns=9 * 3600 * 10**9),
            (
                "After the last 429, at 9 h: one more request arrives, and gets an"
                " answer."
            ),
        ),
        (
            Event(0, "first_stale", 3, "", served_by="kv", until_ns=3 * 10**8),
            (
                "The first stale answer: KV serves what has expired. In total, 3"
                " requests get one. The last at 300 ms."
            ),
        ),
        (
            Event(0, "backlog", 70, ""),
            "The most requests are under way at one instant: 70 requests.",
        ),
        (
            Event(0, "not_told", 4, "", largest=9),
            "Not told: 4 more events, each of 9 at most.",
        ),
        (
            Event(0, "more_errors", 12, "", keys=2),
            "Not told: 2 more kinds of errors, of 12 requests.",
        ),
        (
            Event(0, "another_error", 1, "", status=500, served_by="kv"),
            (
                "The first error of another kind: a 500 from KV. In total, 1 request"
                " gets one."
            ),
        ),
        (
            Event(0, "more_stampedes", 1, "", calls=2, largest=5),
            "Not told: 1 more stampede of 5 misses, with 2 origin calls.",
        ),
        (
            Event(0, "more_surges", 3, "", calls=70, largest=30),
            "Not told: 3 more surges of up to 30 misses, with 70 origin calls.",
        ),
        (
            Event(0, "surge", 9, "", requests=20, keys=3, calls=9, until_ns=10**9),
            (
                "A surge, 1,000 ms long: 9 of 20 requests miss, for 3 keys. None of the"
                " keys had been served before. 9 origin calls, none refused, at most 0"
                " in flight."
            ),
        ),
        (
            Event(
                *(0, "surge_of_calls", 9, ""),
                requests=2,
                keys=3,
                calls=9,
                refused=1,
                in_flight=4,
                until_ns=5 * 10**7,
            ),
            (
                "A surge of calls, 50 ms long, for 3 keys; 2 requests arrive meanwhile."
                " 9 origin calls, 1 refused, at most 4 in flight."
            ),
        ),
        (
            Event(0, "first_error", 1, "", status=500, served_by="kv"),
            "The first error: a 500 from KV. In total, 1 request gets one.",
        ),
        (
            Event(0, "last_arrival", 5, ""),
            "The last request arrives. In total 5 origin calls, none refused.",
        ),
    ],
    ids=lambda value: value.kind if isinstance(value, Event) else "",
)
def test_numbers_have_their_words(event: Event, told: str) -> None:
    """One, several or none."""
    scenario = a_scenario()

    assert event_text(event, scenario, run(scenario, seed=1)) == told


def test_requests_that_ask_no_cache_are_told_with_their_calls() -> None:
    """Twenty POSTs, of which a limit of five refuses fifteen."""
    phase = "{kind: even, requests: 20, every_request: 1ms, bypass: 100%}"
    told = sentences(
        f"traffic.arrivals=[{phase}]",
        "origin.rate_limit={kind: fixed_window, limit: 5, per: 60s}",
    )

    assert told["bypass"] == (
        "The first request that no store and no shared fetch may answer, as a POST: in"
        " total 20 such requests, 20 origin calls, of which the origin refuses 15."
    )
