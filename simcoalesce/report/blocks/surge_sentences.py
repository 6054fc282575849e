"""Surges in sentences."""

from typing import Final

from simcoalesce.explain.timeline.event import Event
from simcoalesce.model.clock import NEVER_NS
from simcoalesce.outcomes import NEVER
from simcoalesce.report.blocks.number_format import count, counted, duration
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.units import NS_PER_S

_S_PER_HOUR: Final = 3_600
_LONG_H: Final = 2


def surge_text(scenario: Scenario, one: Event) -> str:
    """Return what a surge of misses is, and whether they had been served before."""
    of = f", for {counted(one.keys, 'key')}" * (one.keys > 1)
    missed = f"{count(one.number)} of {counted(one.requests, 'request')} miss{of}."
    return (
        f"A surge, {_lasts(one)}: {missed} {_had_before(scenario, one)} {_calls(one)}"
    )


def surge_of_requests_text(one: Event) -> str:
    """Return what a surge is where nothing is stored, so that nothing is missed."""
    of = f" for {counted(one.keys, 'key')}" * (one.keys > 1)
    came = f"{counted(one.number, 'request')}{of}"
    return f"A surge, {_lasts(one)}: {came}. {_calls(one)}"


def surge_of_calls_text(one: Event) -> str:
    """Return what a surge of calls is that has no surge of misses."""
    of = f", for {counted(one.keys, 'key')}" * (one.keys > 1)
    meanwhile = f"{counted(one.requests, 'request')} arrive meanwhile"
    return f"A surge of calls, {_lasts(one)}{of}; {meanwhile}. {_calls(one)}"


def _lasts(one: Event) -> str:
    lasts_ns = one.until_ns - one.at_ns
    return f"{long_duration(lasts_ns)} long" if lasts_ns else "at one instant"


def _had_before(scenario: Scenario, one: Event) -> str:
    """Return whether what is missed had been served before, and how long ago."""
    if not one.served_before:
        return "None of the keys had been served before."
    which = "It" if one.keys == 1 else f"{count(one.served_before)} of the keys"
    if one.served_before == one.keys > 1:
        which = "All of them"
    if one.age_ns == NEVER:
        return f"{which} had been served before."
    ago = long_duration(one.age_ns)
    kept_for = [layer.keeps_for_ns for layer in scenario.path if layer.stores]
    longest_ns = max((kept_ns or NEVER_NS for kept_ns in kept_for), default=NEVER_NS)
    if one.age_ns >= longest_ns:
        return f"{which} had expired: the last fetch was {ago} before (median)."
    return f"{which} had been served before: the last fetch was {ago} before (median)."


def _calls(one: Event) -> str:
    refused = f"{count(one.refused)} refused" if one.refused else "none refused"
    calls = counted(one.calls, "origin call")
    return f"{calls}, {refused}, at most {count(one.in_flight)} in flight."


def long_duration(duration_ns: int) -> str:
    """Write a duration; hours are better read than very many minutes."""
    hours = duration_ns / NS_PER_S / _S_PER_HOUR
    if hours < _LONG_H:
        return duration(duration_ns / NS_PER_S)
    return f"{hours:,.1f}".removesuffix(".0") + " h"
