"""The timeline of a run in sentences, each true of its rows and of its path."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

import numpy as np

from simcoalesce.explain.timeline.event import Event
from simcoalesce.explain.timeline.timeline import events_of
from simcoalesce.outcomes import CLIENT_LEFT, NEVER, Outcomes
from simcoalesce.report.blocks.number_format import count, counted, duration
from simcoalesce.report.blocks.path_sentences import (
    noun_of,
    what_becomes_of_it,
    what_is_kept,
    who_waits,
    why_found,
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
    over = ", and the miss window is over" if run.has_miss_window else ""
    told = f"The first cache hit{_where(run, one)}: {found}{over}."
    if not one.number:
        return told
    missed = f"{counted(one.number, 'request')} missed before"
    shared = f"; {count(one.waiting)} of them joined another's fetch"
    waited = shared * bool(one.waiting)
    return f"{told} {missed}{waited}."


def _surge(run: _Run, one: Event) -> str:
    of = f", for {counted(one.keys, 'key')}" * (one.keys > 1)
    missed = f"{count(one.number)} of {counted(one.requests, 'request')} miss{of}."
    return f"A surge, {_lasts(one)}: {missed} {_had_before(run, one)} {_calls(one)}"


def _surge_of_requests(_: _Run, one: Event) -> str:
    of = f" for {counted(one.keys, 'key')}" * (one.keys > 1)
    came = f"{counted(one.number, 'request')}{of}"
    return f"A surge, {_lasts(one)}: {came}. {_calls(one)}"


def _surge_of_calls(_: _Run, one: Event) -> str:
    of = f", for {counted(one.keys, 'key')}" * (one.keys > 1)
    meanwhile = f"{counted(one.requests, 'request')} arrive meanwhile"
    return f"A surge of calls, {_lasts(one)}{of}; {meanwhile}. {_calls(one)}"


def _lasts(one: Event) -> str:
    return f"{duration((one.until_ns - one.at_ns) / NS_PER_S)} long"


def _had_before(run: _Run, one: Event) -> str:
    """Return whether what is missed had been served before, and how long ago."""
    if not one.served_before:
        return "None of the keys had been served before."
    which = "It" if one.keys == 1 else f"{count(one.served_before)} of the keys"
    if one.served_before == one.keys > 1:
        which = "All of them"
    if one.age_ns == NEVER:
        return f"{which} had been served before."
    ago = duration(one.age_ns / NS_PER_S)
    kept_for = [layer.keeps_for_ns for layer in run.scenario.path if layer.stores]
    if all(kept_ns is not None and one.age_ns >= kept_ns for kept_ns in kept_for):
        return f"{which} had expired: the last fetch was {ago} before (median)."
    return f"{which} had been served before: the last fetch was {ago} ago (median)."


def _calls(one: Event) -> str:
    refused = f"{count(one.refused)} refused" if one.refused else "none refused"
    calls = counted(one.calls, "origin call")
    return f"{calls}, {refused}, at most {count(one.in_flight)} in flight."


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
    by = noun_of(run.scenario, one.served_by)
    which = " besides 429" if one.refused else ""
    told = f"The first error{which}: a {one.status} from {by}."
    if one.status == CLIENT_LEFT:
        told = f"The first error{which}: a client hangs up ({CLIENT_LEFT})."
    get = "request gets" if one.number == 1 else "requests get"
    return f"{told} In total, {count(one.number)} {get} one."


def _first_429(_: _Run, one: Event) -> str:
    before = f"The first 429, after {counted(one.number, 'accepted call')}."
    return f"{before} In total, the origin refuses {counted(one.refused, 'call')}."


def _recovery(_: _Run, one: Event) -> str:
    if one.number == 1:
        return "After the last 429: one more request arrives, and gets an answer."
    return f"After the last 429: {count(one.number)} requests get an answer."


def _no_recovery(_: _Run, one: Event) -> str:
    if not one.number:
        return "The last 429 of the run; no request arrives later."
    later = counted(one.number, "later request")
    return f"The last 429 of the run. None of {later} gets an answer."


def _layer_event(run: _Run, one: Event) -> str:
    known = {event.kind: event for event in events_of(run.scenario.path)}
    said = known[one.kind]
    return said.text.format(number=counted(one.number, said.noun))


def _last_arrival(_: _Run, one: Event) -> str:
    refused = count(one.refused) if one.refused else "none"
    calls = counted(one.number, "origin call")
    return f"The last request arrives. In total {calls}, {refused} refused."


_TEXTS: Final[Mapping[str, Callable[[_Run, Event], str]]] = {
    "arrivals_begin": _arrivals_begin,
    "change": _change,
    "first_call": _first_call,
    "first_answer": _first_answer,
    "first_hit": _first_hit,
    "surge": _surge,
    "surge_of_requests": _surge_of_requests,
    "surge_of_calls": _surge_of_calls,
    "more_surges": _more_surges,
    "stampede": _stampede,
    "more_stampedes": _more_stampedes,
    "first_error": _first_error,
    "first_429": _first_429,
    "recovery": _recovery,
    "no_recovery": _no_recovery,
    "last_arrival": _last_arrival,
}
