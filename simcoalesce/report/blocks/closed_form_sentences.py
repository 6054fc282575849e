"""A closed form in sentences."""

from collections.abc import Iterator, Mapping
from typing import Final

from simcoalesce.explain.closed_form.closed_form import Agreement, ClosedForm
from simcoalesce.explain.closed_form.miss_window import Coalescing
from simcoalesce.model.scope import Scope
from simcoalesce.report.blocks.estimate_text import within
from simcoalesce.report.blocks.number_format import count, counted, duration

_SHARED_IN: Final[Mapping[Scope, str]] = {
    Scope.ISOLATE: "in each isolate",
    Scope.OBJECT: "in an object",
    Scope.EVERYWHERE: "among all isolates",
}
"""Where misses share fetches; in a cache unless it says another scope."""

_CLOSED_FORM: Final = "1 + arrival rate \u00d7 miss window"
_SIGNS: Final[Mapping[Agreement, str]] = {
    "agrees": "✓ agrees",
    "undecided": "? undecided: the runs differ too much",
    "does not agree": "✗ does not agree",
}


def closed_form_lines(closed_form: ClosedForm) -> list[str]:
    """Return the closed form, its parts, and how well it agrees with the runs."""
    parts = " + ".join(
        f"{one.name} {duration(one.length_s)}" for one in closed_form.parts
    )
    miss_window = duration(closed_form.window_s)
    whole = f"{parts} = {miss_window}" if len(closed_form.parts) > 1 else parts
    rate, misses = count(closed_form.rate_per_s), count(closed_form.misses)
    rule = f"{_CLOSED_FORM} = 1 + {rate}/s \u00d7 {miss_window} = {misses}"
    if closed_form.misses < 1 + closed_form.rate_per_s * closed_form.window_s - 0.5:
        rule = f"{_CLOSED_FORM}, at most all {misses} requests of the burst"
    seen = f"simulated {within(closed_form.simulated)}"
    seen = f"{seen}   {_SIGNS[closed_form.agreement]}"
    does = "misses" if closed_form.coalescing else _does(closed_form.calls_each)
    return [
        f"Miss window: {whole}. Every request that arrives within it {does}:",
        *_calls(closed_form, rule, seen),
        *_besides(closed_form),
        *_why(closed_form),
    ]


def _does(calls_each: int) -> str:
    if calls_each == 1:
        return "calls the origin"
    return f"makes {counted(calls_each, 'call')} to the origin"


def _calls(closed_form: ClosedForm, rule: str, seen: str) -> Iterator[str]:
    told, coalescing = counted(closed_form.predicted, "call"), closed_form.coalescing
    if coalescing is None:
        each = "" if closed_form.calls_each == 1 else f": {told}"
        yield f"{rule}{each}; {seen}"
        return
    yield f"{rule}."
    yield f"{_sharing(coalescing)}: {told}; {seen}"
    if coalescing.is_for_cold_keys:
        yield (
            "This holds for a cold key. An expired key takes no lock:"
            f" then all {count(closed_form.misses)} requests call."
        )


def _besides(closed_form: ClosedForm) -> Iterator[str]:
    """Yield which calls are in neither number."""
    if closed_form.bypasses:
        posts = counted(closed_form.bypasses, "request")
        yield f"Besides, {posts} for it meanwhile ask no cache (POST): a call each."


def _why(closed_form: ClosedForm) -> Iterator[str]:
    """Yield why it may be off, unless that is no matter."""
    kinds = {reason.kind for reason in closed_form.reasons}
    if "fastest" in kinds and closed_form.fastest_s is not None:
        yield (
            f"With the fastest answer, after {duration(closed_form.fastest_s)}, in "
            f"place of the mean: {count(closed_form.corrected)}."
        )
    if closed_form.reasons and not (closed_form.agrees and closed_form.coalescing):
        why = "; ".join(reason.text for reason in closed_form.reasons)
        yield f"{'Note' if closed_form.agrees else 'Why'}: {why}."


def _sharing(coalescing: Coalescing) -> str:
    """Return how misses share fetches."""
    where = _SHARED_IN.get(coalescing.scope, "in the cache")
    if coalescing.domains > 1:
        where += f", of {count(coalescing.domains)}"
    told = f"Misses share a fetch {where}"
    if coalescing.vain_s:
        first = duration(coalescing.vain_s)
        return f"{told}, but requests of its first {first} stop waiting, and fetch"
    if coalescing.flight_s < coalescing.span_s:
        flight = duration(coalescing.flight_s)
        return f"{told}, but for no longer than {flight}, and then another begins"
    return told
