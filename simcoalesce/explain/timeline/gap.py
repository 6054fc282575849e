"""Gaps: time that a request is in a layer itself, and what it waits for there."""

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple, TypeAlias

from simcoalesce.model.layer import ANOTHERS_FETCH, Layer, Wait
from simcoalesce.model.trace import Span
from simcoalesce.outcomes import Lookup

Side: TypeAlias = Literal["before", "between", "after", "alone"]
"""Where a gap is, seen from the calls of the next layer; alone if there are none."""


class Gap(NamedTuple):
    """Time in a layer that is no call of the next one.

    Attributes:
        began_at_ns: When it began.
        from_ns: From when on it is of interest.
        until_ns: When it ended.
        side: Where it is.
    """

    began_at_ns: int
    from_ns: int
    until_ns: int
    side: Side


class Named(NamedTuple):
    """A part of a gap, with what was waited for; where, if not in the layer."""

    name: str
    from_ns: int
    until_ns: int
    where: str = ""


def named_parts(gap: Gap, span: Span, layer: Layer, *, is_last: bool) -> list[Named]:
    """Return the parts of a gap in order.

    They are named as the layer told, and else as it says of itself. A layer that looks
    again and again for the answer to another's fetch waits for that all the time.

    Args:
        gap: The gap.
        span: The way through the layer.
        layer: The layer.
        is_last: Whether it ends the path.
    """
    own_name = _own_name(gap, span, layer, is_last=is_last)
    parts = [
        part._replace(from_ns=max(part.from_ns, gap.from_ns))
        for part in _told(gap, span, own_name)
        if part.until_ns > gap.from_ns
    ]
    waits = [at for at, part in enumerate(parts) if part.name == ANOTHERS_FETCH]
    if not waits:
        return parts
    first, last = waits[0], waits[-1]
    whole = parts[first]._replace(until_ns=parts[last].until_ns)
    return [*parts[:first], whole, *parts[last + 1 :]]


def names_of(waits: Iterable[Wait]) -> list[str]:
    """Return the names of waits that take time, each once."""
    return list(dict.fromkeys(one.name for one in waits if one.length_ns))


def _own_name(gap: Gap, span: Span, layer: Layer, *, is_last: bool) -> str:
    """Return what a layer calls its time where it tells nothing."""
    if gap.side == "between":
        return layer.says_waiting
    if gap.side == "after":
        return " and ".join(names_of(layer.waits_after())) or layer.says_waiting
    is_found = span.answer is not None and span.answer.lookup != Lookup.MISS
    # A layer that tells of its own work leaves out the wait for the work of others.
    is_told = any(gap.began_at_ns <= one.at_ns < gap.until_ns for one in span.told)
    is_leading = gap.side == "before" and not is_told
    is_fetching = is_leading or is_last or (layer.looks_up and is_found)
    if not is_fetching and layer.says_waiting == ANOTHERS_FETCH:
        return ANOTHERS_FETCH
    return " and ".join(names_of(layer.waits_before())) or layer.says_waiting


def _told(gap: Gap, span: Span, own_name: str) -> Iterator[Named]:
    """Cut a gap by what the layer told of it."""
    at_ns = gap.began_at_ns
    for told in span.told:
        if not gap.began_at_ns <= told.at_ns < gap.until_ns:
            continue
        if told.at_ns > at_ns:
            yield Named(own_name, at_ns, told.at_ns)
            at_ns = told.at_ns
        ends_ns = min(told.until_ns, gap.until_ns)
        if ends_ns > at_ns:
            yield Named(told.name, at_ns, ends_ns, told.where)
            at_ns = ends_ns
    if gap.until_ns > at_ns:
        yield Named(own_name, at_ns, gap.until_ns)
