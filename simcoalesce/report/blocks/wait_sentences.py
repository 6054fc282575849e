"""Parts of a wait, in words: what was waited for, and what came of it."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from simcoalesce.explain.timeline.wait_part import WaitPart
from simcoalesce.report.blocks.number_format import counted, duration, share
from simcoalesce.units import NS_PER_S

_MOST: Final = 8
"""So many parts of another's fetch are told."""
_OUTCOMES: Final = {
    "miss": "it misses",
    "hit": "the value is found",
    "stale": "an expired value is found",
    "not_shared": "what comes is not shared",
    "stopped": "no longer waited for",
}


def part_text(part: WaitPart, *, is_first: bool = True) -> str:
    """Return what a request waited for, how long, and what came of it.

    Args:
        part: A part of its wait.
        is_first: Whether it begins a sentence.
    """
    told = _name(part)
    told = f"{told[:1].upper()}{told[1:]}" if is_first else told
    if part.length_ns:
        told = f"{told}, {duration(part.length_ns / NS_PER_S)}"
    outcome = outcome_text(part)
    return f"{told}: {outcome}" if outcome else told


def _name(part: WaitPart) -> str:
    """Return what was waited for."""
    request = part.fetched_by
    if request is None:
        return part.name
    return f"fetch of request {request:,}" if request >= 0 else "fetch of a timer"


def outcome_text(part: WaitPart) -> str:
    """Return what came of a part; empty if the next one says it."""
    if part.outcome in _OUTCOMES:
        return _OUTCOMES[part.outcome]
    status = "" if part.status is None else f", {part.status}"
    if part.outcome == "shared":
        return f"{_shared(part)}{status}"
    if part.status is None:
        return ""
    if part.status == 429:
        return "refused, 429"
    return f"answered, {part.status}" if part.status < 400 else f"error {part.status}"


def _shared(part: WaitPart) -> str:
    """Return what ends a wait for the answer to the fetch of another."""
    if part.fetched_by is not None:
        return "its answer is shared"
    return "the answer is there" if part.length_ns else "its answer was there before"


def meanwhile_text(parts: Sequence[WaitPart]) -> str:
    """Return what the fetch of another waited for, in one sentence."""
    told = []
    for part in parts[:_MOST]:
        outcome = outcome_text(part)
        told.append(
            f"{_name(part)} {duration(part.length_ns / NS_PER_S)}"
            + (f" ({outcome})" if outcome else "")
        )
    more = [f"{counted(len(parts) - _MOST, 'more part')}"] if parts[_MOST:] else []
    return f"Meanwhile that one waits for: {', '.join([*told, *more])}"


def shares_text(parts: Sequence[WaitPart]) -> str:
    """Return the share of each kind of wait, the largest first."""
    lengths_ns: Counter[str] = Counter()
    for part in parts:
        lengths_ns[part.name] += part.length_ns
    whole_ns = sum(lengths_ns.values())
    named = (
        f"{name} {share(length_ns, whole_ns)}"
        for name, length_ns in lengths_ns.most_common()
        if length_ns
    )
    return ", ".join(named)
