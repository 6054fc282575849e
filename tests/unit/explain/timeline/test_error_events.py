"""Errors are told by kind, each from its first row to its last."""

from typing import Any

from simcoalesce.explain.timeline.error_events import (
    error_events,
    refusal_events,
    stale_events,
)
from simcoalesce.outcomes import Outcomes
from tests.builders import MS, S, a_path, an_origin, at_ms, simulated


def a_run(*layers: Any, at: tuple[float, ...]) -> Outcomes:
    """Return what happens to requests that come at some milliseconds."""
    return simulated(a_path(*layers), at_ms(*at))


def test_each_kind_of_error_is_told_with_its_number() -> None:
    """Two time-outs, then three answers that are errors."""
    faults = [
        {"kind": "first", "calls": 2, "slower": 100},
        {"kind": "always", "status": 503},
    ]
    late = {"timeout": {"after": "100ms"}}
    outcomes = a_run(late, an_origin("10ms", faults=faults), at=(0, 1, 200, 300, 400))
    first, other = error_events(outcomes)

    assert (first.kind, first.status, first.number) == ("first_error", 504, 2)
    assert (first.at_ns, first.until_ns) == (100 * MS, 101 * MS)
    assert (other.kind, other.status, other.number) == ("another_error", 503, 3)
    assert (other.at_ns, other.until_ns) == (210 * MS, 410 * MS)


def test_rare_kinds_of_errors_are_counted() -> None:
    """Four kinds have lines; six statuses have two more."""
    faults = [
        {"kind": "calls", "from": at, "to": at + (at < 9), "status": 500 + at}
        for at in (1, 3, 5, 7, 9, 10)
    ]
    outcomes = a_run(an_origin("10ms", faults=faults), at=tuple(range(0, 1000, 100)))
    *told, others = error_events(outcomes)

    assert [one.number for one in told] == [2, 2, 2, 2]
    assert (others.kind, others.keys, others.number) == ("more_errors", 2, 2)


def test_refusals_are_told_from_the_first_to_the_last() -> None:
    """Two calls a second: two of four are refused, and a later one is not."""
    limit = {"kind": "fixed_window", "limit": 2, "per": "1s"}
    origin = an_origin("10ms", rate_limit=limit)
    first, then = refusal_events(a_run(origin, at=(0, 100, 200, 300, 1500)))

    assert (first.number, first.refused) == (2, 2)
    assert (first.at_ns, first.until_ns) == (200 * MS, 300 * MS)
    assert (then.kind, then.number, then.requests) == ("recovery", 1, 1)
    assert (then.at_ns, then.until_ns) == (1500 * MS, 300 * MS)


def test_refusals_that_go_on_to_the_end_are_not_over() -> None:
    """One request after the last 429 gets an answer, since a second has begun."""
    limit = {"kind": "fixed_window", "limit": 1, "per": "1s"}
    origin = an_origin("10ms", rate_limit=limit)
    _, then = refusal_events(a_run(origin, at=(0, 100, 900, 1000)))

    assert (then.kind, then.number, then.requests) == ("no_recovery", 1, 1)
    assert then.at_ns == 900 * MS


def test_stale_answers_are_told() -> None:
    """What came at 10 ms has expired after one second."""
    read = {"kv.read": {"read_latency": "0ms", "stale_while_revalidate": "10s"}}
    write = {"kv.write": {"ttl": "1s", "write_latency": "0ms"}}
    outcomes = a_run(read, write, an_origin("10ms"), at=(0, 500, 1500, 1505))
    (event,) = stale_events(outcomes)

    assert (event.number, event.served_by) == (2, "kv")
    assert (event.at_ns, event.until_ns) == (int(1.5 * S), 1505 * MS)


def test_a_run_without_errors_has_none_to_tell() -> None:
    """Nor stale answers, nor refusals."""
    outcomes = a_run(an_origin("10ms"), at=(0,))
    told = error_events(outcomes), refusal_events(outcomes), stale_events(outcomes)

    assert not any(list(one) for one in told)
