"""Users: timelines of a closed loop, worked out by hand."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from simcoalesce.request import Request
from simcoalesce.traffic import Traffic
from simcoalesce.traffic.client_queue import sent_if_answered_after

MS = 1_000_000


def sent(
    *phases: dict[str, Any], answered_after_ms: int = 100, seed: int = 1, **fields: Any
) -> list[Request]:
    """Return what users send within a second, if every answer takes as long."""
    traffic = Traffic.model_validate({"arrivals": phases, **fields})
    queue = traffic.generate(seed=seed, duration_ns=1_000 * MS).closed_loop
    assert queue is not None
    return [*sent_if_answered_after(queue, answered_after_ms * MS)]


def users(count: int = 1, think: Any = "200ms", **fields: Any) -> dict[str, Any]:
    """Return a phase of users."""
    return {"kind": "users", "users": count, "think": think, **fields}


def at_ms(requests: list[Request]) -> list[float]:
    """Return when requests come, in milliseconds."""
    return [request.arrived_at_ns / MS for request in requests]


def test_a_user_sends_waits_thinks_and_sends_again() -> None:
    """Answers take 100 ms, thoughts 200 ms; at 1,200 ms the scenario is over."""
    assert at_ms(sent(users())) == [0, 300, 600, 900]


def test_slower_answers_make_fewer_requests() -> None:
    """A user with one request at a time cannot send meanwhile."""
    assert at_ms(sent(users(), answered_after_ms=300)) == [0, 500]


def test_the_first_requests_are_spread_over_the_ramp() -> None:
    """Of four users within 400 ms, the last begins at 300 ms."""
    phase = users(4, ramp="400ms", iterations=1)

    assert at_ms(sent(phase)) == [0, 100, 200, 300]


def test_a_phase_begins_and_ends_in_its_time() -> None:
    """From 100 ms for 600 ms: the request at 700 ms is not sent."""
    assert at_ms(sent(users(at="100ms") | {"for": "600ms"})) == [100, 400]


def test_an_open_phase_goes_on_and_comes_first() -> None:
    """At 300 ms both send; ids count up over both."""
    even = {"kind": "even", "requests": 3, "every_request": "150ms"}
    keys = {"kind": "weighted", "weights": {"open": 1}}
    requests = sent(users(), even | {"keys": keys})
    ids = [(request.id, request.arrived_at_ns // MS) for request in requests]

    assert ids == [(0, 0), (1, 0), (2, 150), (3, 300), (4, 300), (5, 600), (6, 900)]
    assert requests[3].key == 1


def test_users_by_number_meet_the_same_isolate_for_ever() -> None:
    """User i meets isolate i modulo 3."""
    phase = users(6, iterations=2, routing="by_user")

    met = [request.isolate for request in sent(phase, isolates=3)]

    assert met == [0, 1, 2, 0, 1, 2] * 2


def _by_user(requests: list[Request], column: str) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for request in requests:
        found.setdefault(request.isolate, []).append(getattr(request, column))
    return found


@pytest.mark.parametrize("column", ["key", "location"])
def test_what_a_user_asks_for_depends_on_no_answer(column: str) -> None:
    """Slower answers cut its requests short, and change none of them."""
    phase = users(20, {"exponential": "30ms"}, routing="by_user")
    fields: dict[str, Any] = {
        "keys": {"kind": "zipf", "s": 0.5, "n": 50},
        "isolates": 20,
    }
    quick = _by_user(sent(phase, answered_after_ms=20, **fields), column)
    slow = _by_user(sent(phase, answered_after_ms=90, **fields), column)

    assert all(quick[user][: len(slow[user])] == slow[user] for user in range(20))
    assert max(map(len, slow.values())) > 5


def test_thoughts_depend_neither_on_answers_nor_on_other_users() -> None:
    """The gaps between an answer and the next request are the user's own."""
    think = {"exponential": "30ms"}
    alone = sent(users(1, think), answered_after_ms=20)
    slow = sent(users(1, think), answered_after_ms=90)
    among = sent(users(9, think, routing="by_user"), answered_after_ms=20, isolates=9)
    own = [request.arrived_at_ns for request in among if request.isolate == 0]
    gaps = [
        [after - before - answer * MS for before, after in pairwise(at)]
        for at, answer in (
            ([one.arrived_at_ns for one in alone], 20),
            ([one.arrived_at_ns for one in slow], 90),
            (own, 20),
        )
    ]

    assert gaps[0] == gaps[2]
    assert gaps[0][: len(gaps[1])] == gaps[1]
    assert len(gaps[1]) > 4


def test_a_user_stays_at_its_location() -> None:
    """Nobody travels between two requests."""
    phase = users(8, routing="by_user")
    requests = sent(phase, isolates=8, locations={"icn": 1, "nrt": 1})
    places = {(one.isolate % 8, one.location) for one in requests}

    assert len(places) == 8
    assert {location for _, location in places} == {0, 1}


def test_users_who_take_no_time_at_all_are_an_error() -> None:
    """Otherwise the run would never end, at its first instant."""
    with pytest.raises(ValueError, match="10,000 requests at one instant"):
        sent(users(1, "0ms"), answered_after_ms=0)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"users": "2M"}, "at most 1,000,000 users"),
        ({"routing": "by_key"}, "by_user"),
    ],
)
def test_what_users_cannot_be_is_said(fields: dict[str, Any], message: str) -> None:
    """Each error names what to write instead."""
    with pytest.raises(ValidationError, match=message):
        Traffic.model_validate({"arrivals": [users() | fields]})


def test_durations_in_the_order_of_answers_are_no_thoughts(tmp_path: Path) -> None:
    """A recording belongs to nobody; its quantiles do."""
    (tmp_path / "a.csv").write_text("100ms\n300ms\n")
    context = {"folder": tmp_path}
    replayed, drawn = (
        {"arrivals": [users(think={kind: "a.csv"})]} for kind in ("replay", "empirical")
    )

    with pytest.raises(ValidationError, match=r"write \{empirical: file\}"):
        Traffic.model_validate(replayed, context=context)
    assert Traffic.model_validate(drawn, context=context).is_closed


def test_how_many_come_is_known_roughly() -> None:
    """Ten users think 200 ms for a second: six requests each, if answers take none."""
    traffic = Traffic.model_validate({"arrivals": [users(10)]})

    assert round(traffic.expected_requests(1_000 * MS)) == 60
