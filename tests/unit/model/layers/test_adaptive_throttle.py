"""adaptive_throttle: with which probability clients refuse by themselves."""

from typing import Any

import pytest
from pydantic import ValidationError

from simcoalesce.model.layer import Layer
from simcoalesce.randomness import Stream
from tests.builders import (
    MS,
    a_path,
    an_origin,
    at_ms,
    even,
    hits,
    simulated,
    statuses,
)

DOWN = {"kind": "always", "status": 503}


def throttled(*before: Any, faults: Any = (), **fields: Any) -> list[Layer]:
    """Return a path with a throttle before an origin of 10 ms."""
    origin = an_origin("10ms", faults=faults)
    return a_path(*before, {"adaptive_throttle": fields}, origin)


def by_hand(requests: int) -> list[int]:
    """Return whether each request is refused, if none is accepted: 1 or 0."""
    draws = Stream(1, "adaptive_throttle.throttle")
    return [int(draws.uniform(n) < n / (n + 1)) for n in range(requests)]


def test_who_is_accepted_is_never_refused() -> None:
    """Requests are fewer than twice the accepts."""
    outcomes = simulated(throttled(), even(100, 1 * MS))

    assert statuses(outcomes) == [200] * 100


def test_if_nothing_is_accepted_requests_of_n_refuse_with_n_of_n_plus_1() -> None:
    """Each waits for the answer of the one before it: 0, 1/2, 2/3, 3/4 ..."""
    outcomes = simulated(throttled(faults=[DOWN]), even(40, 20 * MS))
    refused = by_hand(40)

    assert (outcomes.usage["throttled"], hits(outcomes)) == (
        sum(refused),
        40 - sum(refused),
    )
    served_by = [outcomes.layers[code] for code in outcomes.request_rows.served_by]
    assert [int(name == "adaptive_throttle") for name in served_by] == refused


def test_twice_as_many_requests_as_accepts_are_none_too_many() -> None:
    """Every second call fails: (2 n - 2 n) / (2 n + 1) is 0, or just above it."""
    faults = [{"kind": "calls", "from": n, "to": n, "status": 503} for n in (2, 4, 6)]
    outcomes = simulated(throttled(faults=faults), even(6, 20 * MS))

    assert hits(outcomes) == 6


def test_what_is_older_than_the_window_is_forgotten() -> None:
    """The failure of 10 ms counts until 1,010 ms: then nothing is against a call."""
    path = throttled(faults=[{"kind": "first", "calls": 1, "status": 503}], window="1s")
    draws = Stream(1, "adaptive_throttle.throttle")
    before, after = (simulated(path, at_ms(0, at)) for at in (1_009, 1_010))

    assert draws.uniform(1) < 0.5
    assert (statuses(before), statuses(after)) == ([503, 503], [503, 200])


def test_only_some_answers_say_that_a_request_was_not_accepted() -> None:
    """A 500 is an accepted request that failed, unless it is said not to be."""
    broken = [{**DOWN, "status": 500}]
    counts = [
        hits(simulated(throttled(faults=broken, **on), even(40, 20 * MS)))
        for on in ({}, {"on": [500]})
    ]

    assert counts == [40, 40 - sum(by_hand(40))]


def test_a_request_counts_from_its_answer_on_or_from_its_start() -> None:
    """Of 100 at once the book's client refuses some, before the first answer."""
    returned, sent = (
        statuses(simulated(throttled(counts=counts), at_ms(*[0] * 100))).count(503)
        for counts in ("returned", "sent")
    )

    assert returned == 0
    assert sent == sum(by_hand(100))


@pytest.mark.parametrize(
    ("kept_in", "throttles"), [("isolate", False), ("global", True)]
)
def test_isolates_may_know_of_each_other(kept_in: str, *, throttles: bool) -> None:
    """Each of 40 makes one request, and all of them fail."""
    path = throttled(faults=[DOWN], kept_in=kept_in)
    outcomes = simulated(path, even(40, 20 * MS, isolates=40))

    assert (outcomes.usage["throttled"] > 0) == throttles


def test_a_multiplier_below_1_is_refused() -> None:
    """It would refuse what is accepted."""
    with pytest.raises(ValidationError, match="multiplier"):
        throttled(multiplier=0.5)
