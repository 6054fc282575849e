"""What a request waited for, by instants worked out by hand; times in milliseconds."""

from typing import Any

import pytest

from simcoalesce import Scenario
from simcoalesce.explain.timeline.request_trace import request_trace
from simcoalesce.explain.timeline.wait_part import WaitPart
from simcoalesce.explain.timeline.wait_parts import WaitParts
from simcoalesce.model.contexts import labelled
from simcoalesce.model.isolate_pool import IsolateRules
from simcoalesce.request import Requests
from tests.builders import MS, a_path, an_origin, at_ms, some_isolates, traced

WAITS = "tests/assets/explain/why-waits.yaml"
ANOTHERS, NEXT_LOOK = "wait for another's fetch", "wait until it looks again"
Entry = str | dict[str, dict[str, Any]]
EU = {"latency": "120ms", "faults": [{"kind": "always", "status": 503}]}
SLOW_FIRST = {"kind": "first", "calls": 1, "status": 200, "takes": "500ms"}
TOKENS = {"kind": "token_bucket", "rate": "10/s", "burst": 1}


def waits(
    path: list[Entry],
    requests: Requests,
    row: int,
    isolates: IsolateRules | None = None,
) -> WaitParts:
    """Return what takes the wait of a request apart."""
    layers = a_path(*path)
    *_, trace = traced(layers, requests, row, isolates=isolates)
    return WaitParts(layers, labelled(layers), trace)


def lengths(parts: tuple[WaitPart, ...]) -> list[tuple[str, float]]:
    """Return the names of parts, and how long they are."""
    return [(one.name, one.length_ns / MS) for one in parts]


CASES: dict[str, tuple[list[Entry], list[float], list[tuple[str, float]]]] = {
    "a token": (
        [{"limiter": {"rate_limit": TOKENS, "wait": "1s"}}, an_origin()],
        [0, 0],
        [("wait for a token of the limiter", 100), ("origin", 120)],
    ),
    "refused by a limiter": (
        [{"limiter": {"rate_limit": TOKENS}}, an_origin()],
        [0, 0],
        [("limiter", 0)],
    ),
    "a turn": (
        [{"bulkhead": {"limit": 1, "queue_timeout": "500ms"}}, an_origin()],
        [0, 0],
        [("queue of the bulkhead", 120), ("origin", 120)],
    ),
    "a server of the origin": (
        [an_origin(body="30ms", concurrency=1)],
        [0, 0],
        [("queue of the origin", 150), ("origin", 120), ("body", 30)],
    ),
    "a server, in vain": (
        [an_origin(concurrency=1, queue_timeout="40ms")],
        [0, 0],
        [("queue of the origin", 40)],
    ),
    "a time-out": (
        [{"timeout": {"after": "50ms"}}, an_origin()],
        [0],
        [("origin", 50), ("timeout", 0)],
    ),
    "a client that leaves": (
        [{"abandon": {"after": "60ms"}}, an_origin()],
        [0],
        [("origin", 60), ("abandon", 0)],
    ),
    "a hedge": (
        [{"hedge": {"after": "50ms"}}, an_origin(faults=[SLOW_FIRST])],
        [0],
        [("delay of the hedge", 50), ("origin", 120)],
    ),
    "a retry": (
        [
            {"retry": {"backoff": "30ms", "jitter": "none"}},
            an_origin(faults=[{"kind": "first", "calls": 1}]),
        ],
        [0],
        [("origin", 120), ("back-off", 30), ("origin", 120)],
    ),
    "what a refusal says": (
        ["retry", an_origin(rate_limit=TOKENS, retry_after="1s")],
        [0, 0],
        [("origin", 10), ("Retry-After", 1_000), ("origin", 120)],
    ),
    "calls one after the other": (
        [{"fan_out": {"calls": 2, "at_once": 1}}, an_origin()],
        [0],
        [("origin", 120), ("origin", 120)],
    ),
    "an object": (
        [{"durable_object": {"hop": "3ms", "first_use": "50ms"}}, an_origin()],
        [0],
        [
            *(("first use of the object", 50), ("way to the object", 3)),
            *(("origin", 120), ("way back", 3)),
        ],
    ),
    "the work of an object": (
        [{"durable_object": {"service_time": "5ms"}}, an_origin()],
        [0, 0],
        [
            *(("queue of the object", 5), ("work of the object", 5)),
            (ANOTHERS, 115),
        ],
    ),
    "a mutex": (
        [{"durable_object": {"gate": "block_concurrency"}}, an_origin()],
        [0, 0],
        [("queue of the object", 120), ("origin", 120)],
    ),
    "a tier": (
        [{"cdn": {"scope": "global", "hop": "20ms"}}, an_origin()],
        [0],
        [("way to the global cdn", 20), ("origin", 120), ("way back", 20)],
    ),
    "a fetch": (["single_flight", an_origin()], [0, 20], [(ANOTHERS, 100)]),
    "a lock that is polled": (
        [{"lock": {"poll": "100ms"}}, an_origin()],
        [0, 10],
        [(ANOTHERS, 110), (NEXT_LOOK, 90)],
    ),
    "a lock that is not waited for": (
        [{"lock": {"timeout": "50ms"}}, an_origin()],
        [0, 10],
        [(ANOTHERS, 50), ("origin", 120)],
    ),
    "a batch": (
        [{"batch": {"within": "50ms"}}, an_origin()],
        [0, 20],
        [("batch", 30), (ANOTHERS, 120)],
    ),
    "a lock in Redis": (
        [
            {"redis.read": {"latency": "2ms"}},
            {"distributed_lock": {"latency": "2ms", "poll": "50ms"}},
            {"redis.write": {"latency": "2ms"}},
            an_origin(),
        ],
        # The first one's answer is set at 125 ms, and its lock free at 128 ms.
        [0, 10],
        [
            *(("Redis GET", 2), ("Redis lock", 2), (ANOTHERS, 114)),
            *((NEXT_LOOK, 40), ("Redis GET", 2)),
        ],
    ),
    "a lease": (
        [{"lease": {"latency": "2ms", "poll": "50ms"}}, an_origin()],
        [0, 10],
        [("lease", 2), (ANOTHERS, 112), (NEXT_LOOK, 42), ("lease", 2)],
    ),
    "what nobody stores": (
        [
            {"distributed_lock": {"latency": "2ms", "poll": "48ms", "wait": "250ms"}},
            an_origin(),
        ],
        # The first one's fetch and lock are over at 124 ms; looks take 2 ms each.
        [0, 10],
        [
            *(("Redis lock", 2), (ANOTHERS, 112), ("wait in vain", 136)),
            *(("Redis GET", 2), ("origin", 120)),
        ],
    ),
    "a put that is refused": (
        ["kv.read", "kv.write", an_origin()],
        [0, 10],
        [("KV read", 5), ("origin", 120), ("refused KV write", 80)],
    ),
    "origins": (
        [{"origins": {"tries": 2, "of": {"eu": EU, "us": {"latency": "200ms"}}}}],
        [0],
        [("origin eu", 120), ("origin us", 200)],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_each_thing_that_was_waited_for_has_its_name_and_its_time(case: str) -> None:
    """Of the last request, in order."""
    path, arrivals, expected = CASES[case]
    parts = waits(path, at_ms(*arrivals), len(arrivals) - 1).of_request()

    assert lengths(parts) == expected


def test_the_put_that_is_awaited_is_most_of_the_wait() -> None:
    """5 ms, 100 ms and 2 s."""
    parts = request_trace(Scenario.load(WAITS), "0").parts

    assert lengths(parts) == [("KV read", 5), ("origin", 100), ("KV write", 2_000)]


def test_what_was_refused_twice_and_found_then_is_told_by_attempts() -> None:
    """With the back-off of 500 ms, doubled before the third."""
    parts = request_trace(Scenario.load(WAITS), "31").parts

    assert [(one.name, one.length_ns // MS, one.attempt) for one in parts] == [
        *(("KV read", 5, 1), ("origin", 10, 1), ("back-off", 500, 1)),
        *(("KV read", 5, 2), ("origin", 10, 2), ("back-off", 1_000, 2)),
        ("KV read", 5, 3),
    ]
    assert [one.status for one in parts if one.name == "origin"] == [429, 429]
    assert parts[-1].outcome == "hit"
    assert {one.asked_by for one in parts if one.attempt > 1} == {"retry"}


def test_a_hedge_is_no_retry() -> None:
    """It made the second attempt, which decided; the first was stopped."""
    path: list[Entry] = [{"hedge": {"after": "50ms"}}, an_origin(faults=[SLOW_FIRST])]
    *_, call = waits(path, at_ms(0), 0).of_request()

    assert (call.attempt, call.asked_by, call.status) == (2, "hedge", 200)


def test_a_fetch_that_was_refused_while_others_waited_is_not_hidden() -> None:
    """They then ask for themselves."""
    path: list[Entry] = ["cdn", an_origin(rate_limit=TOKENS)]
    requests = at_ms(0, 5, 8, key=[1, 0, 0])
    waited, asked = waits(path, requests, 2).of_request()

    assert (waited.fetched_by, waited.outcome) == (1, "not_shared")
    assert lengths(waited.parts) == [("origin", 7)]
    assert waited.parts[0].status == asked.status == 429


def test_only_a_new_isolate_is_waited_for() -> None:
    """Who comes later finds what is in its memory."""
    rules, requests = some_isolates(cold_start="40ms"), at_ms(0, 500)
    path: list[Entry] = ["memory", an_origin()]
    first = waits(path, requests, 0, rules).of_request()
    (second,) = waits(path, requests, 1, rules).of_request()

    assert lengths(first) == [("start of its isolate", 40), ("origin", 120)]
    assert [one.layer for one in first] == ["isolate", "origin"]
    assert (second.name, second.length_ns, second.outcome) == ("memory", 0, "hit")


def test_what_is_done_in_the_background_is_no_part_of_the_wait() -> None:
    """It is told apart."""
    write: Entry = {"kv.write": {"acknowledge": "background"}}
    found = waits(["kv.read", write, an_origin()], at_ms(0), 0)

    assert lengths(found.of_request()) == [("KV read", 5), ("origin", 120)]
    assert lengths(found.background()) == [("KV write", 80)]


def test_the_leader_is_the_one_of_its_own_isolate() -> None:
    """Not one that fetches the same key elsewhere."""
    requests = at_ms(0, 0, 20, 20, isolate=[0, 1, 1, 0])
    leaders = [
        waits(["single_flight", an_origin()], requests, row).of_request()[0].fetched_by
        for row in (2, 3)
    ]

    assert leaders == [1, 0]


def test_a_fetch_that_is_still_under_way_is_told_as_such() -> None:
    """Whoever has lost patience asks for itself."""
    path: list[Entry] = [{"lock": {"timeout": "50ms"}}, an_origin()]
    waited, _ = waits(path, at_ms(0, 10), 1).of_request()

    assert (waited.fetched_by, waited.outcome) == (0, "stopped")
