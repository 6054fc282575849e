"""The timeline of a run in sentences, each true of its rows and of its path."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

import numpy as np

from simcoalesce.explain.timeline.event import Event
from simcoalesce.explain.timeline.layer_events import events_of
from simcoalesce.outcomes import CLIENT_LEFT, Outcomes
from simcoalesce.report.blocks.number_format import (
    count,
    counted,
    duration,
    spaced_units,
)
from simcoalesce.report.blocks.path_sentences import (
    capitalized,
    noun_of,
    what_becomes_of_it,
    what_is_kept,
    who_waits,
    why_found,
)
from simcoalesce.report.blocks.surge_sentences import (
    long_duration,
    surge_of_calls_text,
    surge_of_requests_text,
    surge_text,
)
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.units import NS_PER_S

_KEY_WIDTH: Final = 48


class _Run(NamedTuple):
    """What a sentence may use besides its event."""

    scenario: Scenario
    outcomes: Outcomes
    has_miss_window: bool


def event_text(
    event: Event,
    scenario: Scenario,
    outcomes: Outcomes,
    *,
    has_miss_window: bool = False,
) -> str:
    """Return what happened, in a sentence or two.

    Args:
        event: What happened.
        scenario: The incident.
        outcomes: The run.
        has_miss_window: Whether the explanation speaks of one miss window.
    """
    text = _TEXTS.get(event.kind, _layer_event)
    return text(_Run(scenario, outcomes, has_miss_window), event)


def _arrivals_begin(run: _Run, one: Event) -> str:
    keys = len(np.unique(run.outcomes.request_rows.key))
    of = f" for {counted(keys, 'key')}" if keys > 1 else ""
    kept = what_is_kept(run.scenario, keys)
    return f"The first of {counted(one.number, 'request')}{of} arrives. {kept}"


def _change(run: _Run, one: Event) -> str:
    return run.scenario.changes[one.number].says


def _first_call(run: _Run, _: Event) -> str:
    return f"The first call to the origin. {who_waits(run.scenario)}"


def _bypass(_: _Run, one: Event) -> str:
    told = "The first request that no store and no shared fetch may answer, as a POST:"
    refused = f", of which the origin refuses {count(one.refused)}" * bool(one.refused)
    made = f"{counted(one.number, 'such request')}, {counted(one.calls, 'origin call')}"
    return f"{told} in total {made}{refused}."


def _first_answer(run: _Run, one: Event) -> str:
    then = what_becomes_of_it(run.scenario)
    if one.is_late:
        then = "its request no longer waits for it"
    made = "call has" if one.number == 1 else "calls have"
    told = f"The origin's first answer{'; ' if then else ''}{then}."
    told += f" {count(one.number)} {made} been made so far"
    if one.waiting:
        wait = "request waits" if one.waiting == 1 else "requests wait"
        which = "it" if one.number == 1 else "one of them"
        told += f"; {count(one.waiting)} more {wait} for {which}"
    return f"{told}."


def _first_hit(run: _Run, one: Event) -> str:
    found = why_found(run.scenario, one.served_by)
    is_over = run.has_miss_window and one.number
    over = ", and the miss window is over" if is_over else ""
    told = f"The first cache hit{_where(run, one)}: {found}{over}."
    if not one.number:
        return told
    missed = f"{counted(one.number, 'request')} missed before"
    shared = f"; {count(one.waiting)} of them joined another's fetch"
    waited = shared * bool(one.waiting)
    return f"{told} {missed}{waited}."


def _more_surges(_: _Run, one: Event) -> str:
    return _more(one, "surge")


def _stampede(run: _Run, one: Event) -> str:
    where = _where(run, one)
    head = f"A stampede{where}" if where else "The next stampede"
    told = f"{head}: {counted(one.number, 'miss')}"
    refused = f", of which the origin refuses {count(one.refused)}" * bool(one.refused)
    if one.calls == one.number:
        return f"{told}{refused}."
    return f"{told}, {counted(one.calls, 'origin call')}{refused}."


def _where(run: _Run, one: Event) -> str:
    """Return the key and the location, unless there is only one."""
    outcomes = run.outcomes
    key = f" of {_short(one.key)}" if len(outcomes.keys) > 1 else ""
    return key + (f" at {one.location}" if len(outcomes.locations) > 1 else "")


def _short(key: str) -> str:
    return key if len(key) <= _KEY_WIDTH else f"{key[: _KEY_WIDTH - 1]}…"


def _more_stampedes(_: _Run, one: Event) -> str:
    return _more(one, "stampede")


def _more(one: Event, noun: str) -> str:
    each = f"of up to {counted(one.largest, 'miss')}"
    if one.number == 1:
        each = f"of {counted(one.largest, 'miss')}"
    which = f"{count(one.number)} more {noun}{'' if one.number == 1 else 's'}"
    return f"Not told: {which} {each}, with {counted(one.calls, 'origin call')}."


def _first_error(run: _Run, one: Event) -> str:
    which = " besides 429" if one.refused else ""
    return _error(run, one, f"The first error{which}")


def _another_error(run: _Run, one: Event) -> str:
    return _error(run, one, "The first error of another kind")


def _error(run: _Run, one: Event, head: str) -> str:
    told = f"{head}: a {one.status} from {noun_of(run.scenario, one.served_by)}."
    if one.status == CLIENT_LEFT:
        told = f"{head}: a client hangs up ({CLIENT_LEFT})."
    get = "request gets" if one.number == 1 else "requests get"
    return f"{told} In total, {count(one.number)} {get} one.{_until(one)}"


def _first_429(_: _Run, one: Event) -> str:
    before = f"The first 429, after {counted(one.number, 'accepted call')}."
    refuses = f"In total, the origin refuses {counted(one.refused, 'call')}."
    last = _until(one) if one.refused > 1 else ""
    return f"{before} {refuses}{last}"


def _recovery(_: _Run, one: Event) -> str:
    last = f"After the last 429, at {long_duration(one.until_ns)}"
    if one.number == one.requests == 1:
        return f"{last}: one more request arrives, and gets an answer."
    every = f"{count(one.number)} of {counted(one.requests, 'later request')} get"
    if one.number == one.requests:
        every = f"all {counted(one.requests, 'later request')} get"
    return f"{last}: {every} an answer, this one first."


def _no_recovery(_: _Run, one: Event) -> str:
    if not one.number:
        return "The last 429 of the run; no request arrives later."
    later = counted(one.number, "later request")
    if one.requests:
        come = "request comes" if one.number == 1 else "requests come"
        later = f"{count(one.number)} {come} after it"
        return f"The last 429 of the run, which is nearly over: {later}."
    return f"The last 429 of the run. None of {later} gets an answer."


def _layer_event(run: _Run, one: Event) -> str:
    known = {event.kind: event for event in events_of(run.scenario.path)}
    said = known[one.kind]
    is_once = one.number == 1 and said.noun == "time"
    text = said.text.format(
        number="once" if is_once else counted(one.number, said.noun),
        most=count(one.largest),
        longest=duration(one.longest_ns / NS_PER_S),
        calls=counted(one.calls, "call") if one.calls else "no calls",
    )
    return capitalized(spaced_units(f"{text}{_until(one)}"))


def _until(one: Event) -> str:
    """Return when something happened last, if it was not at once."""
    if one.until_ns <= one.at_ns:
        return ""
    return f" The last at {long_duration(one.until_ns)}."


def _first_stale(run: _Run, one: Event) -> str:
    by = noun_of(run.scenario, one.served_by)
    get = "request gets" if one.number == 1 else "requests get"
    told = f"The first stale answer: {by} serves what has expired."
    return f"{told} In total, {count(one.number)} {get} one.{_until(one)}"


def _backlog(_: _Run, one: Event) -> str:
    wait = counted(one.number, "request")
    return f"The most requests are under way at one instant: {wait}."


def _not_told(_: _Run, one: Event) -> str:
    events = counted(one.number, "more event")
    return f"Not told: {events}, each of {count(one.largest)} at most."


def _more_errors(_: _Run, one: Event) -> str:
    kinds = f"{count(one.keys)} more kind{'' if one.keys == 1 else 's'} of errors"
    return f"Not told: {kinds}, of {counted(one.number, 'request')}."


def _last_arrival(_: _Run, one: Event) -> str:
    refused = count(one.refused) if one.refused else "none"
    calls = counted(one.number, "origin call")
    return f"The last request arrives. In total {calls}, {refused} refused."


_TEXTS: Final[Mapping[str, Callable[[_Run, Event], str]]] = {
    "arrivals_begin": _arrivals_begin,
    "change": _change,
    "first_call": _first_call,
    "bypass": _bypass,
    "first_answer": _first_answer,
    "first_hit": _first_hit,
    "surge": lambda run, one: surge_text(run.scenario, one),
    "surge_of_requests": lambda _, one: surge_of_requests_text(one),
    "surge_of_calls": lambda _, one: surge_of_calls_text(one),
    "more_surges": _more_surges,
    "stampede": _stampede,
    "more_stampedes": _more_stampedes,
    "first_error": _first_error,
    "another_error": _another_error,
    "more_errors": _more_errors,
    "first_stale": _first_stale,
    "backlog": _backlog,
    "not_told": _not_told,
    "first_429": _first_429,
    "recovery": _recovery,
    "no_recovery": _no_recovery,
    "last_arrival": _last_arrival,
}
