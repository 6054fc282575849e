"""Parts of a wait: what a request waited for, layer by layer, from its trace.

The parts follow the calls that decided when the answer came, backwards from it: where
a layer makes several at once (hedge, fan-out), the others are no part of the wait.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from simcoalesce.explain.timeline.deciding_calls import attempts, deciding_calls
from simcoalesce.explain.timeline.wait_part import WaitPart
from simcoalesce.model.answer import Answer
from simcoalesce.model.layer import ANOTHERS_FETCH, Layer, Wait
from simcoalesce.model.trace import Span, SpanTrace
from simcoalesce.outcomes import Lookup

NEXT_LOOK: Final = "wait until it looks again"
_DEEPEST: Final = 8
"""So many fetches that wait for each other are told."""
FOUND: Final = {Lookup.HIT: "hit", Lookup.STALE: "stale"}

Interval: TypeAlias = tuple[int, int]


class WaitParts:
    """Takes waits apart, by the layers of a path."""

    def __init__(
        self, path: Sequence[Layer], labels: Sequence[str], trace: SpanTrace
    ) -> None:
        """Take what is known of a run.

        Args:
            path: The layers.
            labels: What each is called in the path.
            trace: What happened in them.
        """
        self._path = path
        self._labels = labels
        self._trace = trace
        self._attempts = attempts(trace.root, path)

    def of_request(self) -> tuple[WaitPart, ...]:
        """Return the parts of the request that is traced, from arrival to answer."""
        root = self._trace.root
        return tuple(self._of(root, (root.entered_at_ns, root.left_at_ns)))

    def _of(self, span: Span, when: Interval, depth: int = 0) -> list[WaitPart]:
        """Return the parts of a span between two instants, in order."""
        from_ns, until_ns = when
        children = deciding_calls(span, until_ns, self._path[span.index])
        found: list[WaitPart] = []
        at_ns = max(span.entered_at_ns, from_ns)
        for number, child in enumerate(children):
            where = "between" if number else "before"
            found += self._own(span, (at_ns, child.entered_at_ns), where, depth)
            ended_ns = min(child.left_at_ns, until_ns)
            if ended_ns >= at_ns:
                found += self._of(child, (at_ns, ended_ns), depth)
            at_ns = max(at_ns, ended_ns)
        where = "after" if children else "alone"
        own = list(self._own(span, (at_ns, until_ns), where, depth))
        return [*found, *self._last(own, span, (at_ns, until_ns), where, children)]

    def _last(
        self,
        found: list[WaitPart],
        span: Span,
        when: Interval,
        where: str,
        children: Sequence[Span],
    ) -> list[WaitPart]:
        """Have the last part of a span say what came of it."""
        if span.answer is None or span.left_at_ns > when[1]:
            return self._stopped(found, span, when, where)
        answered = children[-1].answer if children else None
        before = (answered.status, answered.lookup) if answered is not None else None
        after = span.answer.status, span.answer.lookup
        if before == after:
            return found
        if not found:
            name = self._path[span.index].noun.removeprefix("the ")
            found = [self._part(span, name, (when[1], when[1]))]
        outcome = self._outcome(span, span.answer, where)
        found[-1] = replace(found[-1], outcome=outcome, status=span.answer.status)
        return found

    def _stopped(
        self, found: list[WaitPart], span: Span, when: Interval, where: str
    ) -> list[WaitPart]:
        if where == "alone" and not found:
            found = [self._part(span, self._name(span, where), when)]
        if found:
            found[-1] = replace(found[-1], outcome="stopped")
        return found

    def _outcome(self, span: Span, answer: Answer, where: str) -> str:
        """Return what came of the last part of a span, in one word."""
        lookup = Lookup(answer.lookup)
        if lookup is not Lookup.MISS:
            return FOUND[lookup]
        is_last = span.index == len(self._path) - 1
        if where == "alone" and not is_last and self._path[span.index].makes_wait:
            return "shared" if answer.role else "answered"
        return "answered"

    def _own(
        self, span: Span, when: Interval, where: str, depth: int
    ) -> Iterator[WaitPart]:
        """Yield what a request waits for in a layer itself, between two instants."""
        layer = self._path[span.index]
        found = []
        for name, elsewhere, interval in _named(span, when, self._name(span, where)):
            if name == ANOTHERS_FETCH:
                found += self._shared(span, interval, depth)
            else:
                found.append(self._part(span, name, interval, elsewhere))
        if found and where == "before":
            looked = found[-1].name in {one.name for one in layer.waits_before()}
            outcome = "miss" if layer.looks_up and looked else ""
            if found[-1].fetched_by is not None:
                outcome = "not_shared"
            found[-1] = replace(found[-1], outcome=outcome)
        yield from found

    def _name(self, span: Span, where: str) -> str:
        """Return what a layer calls its time, before, between or after its calls."""
        layer = self._path[span.index]
        is_last = span.index == len(self._path) - 1
        if where == "after":
            return _words(layer.waits_after()) or layer.says_waiting
        if where == "between":
            return layer.says_waiting
        is_found = span.answer is not None and span.answer.lookup != Lookup.MISS
        is_fetching = where == "before" or is_last or (layer.looks_up and is_found)
        if not is_fetching and layer.says_waiting == ANOTHERS_FETCH:
            return ANOTHERS_FETCH
        return _words(layer.waits_before()) or layer.says_waiting

    def _part(
        self, span: Span, name: str, when: Interval, elsewhere: str = ""
    ) -> WaitPart:
        layer = elsewhere or self._labels[span.index]
        number, asked_by = self._attempt(span, when[0])
        return WaitPart(name, layer, number, asked_by, *when)

    def _attempt(self, span: Span, at_ns: int) -> tuple[int, str]:
        """Return the number of an attempt, from 1 on, and which layer made it."""
        known, one = self._attempts, span
        while one not in known and one.parent is not None:
            one = one.parent
        if one not in known:
            begun = sum(one.entered_at_ns <= at_ns for one in known)
            if not begun:
                return 1, ""
            one = known[begun - 1]
        caller = one.parent
        is_first = caller is None or caller.inside[0] is one
        asked_by = "" if is_first or caller is None else self._labels[caller.index]
        return known.index(one) + 1, asked_by

    def _shared(self, span: Span, when: Interval, depth: int) -> list[WaitPart]:
        """Return the wait for another's fetch, with what that one did meanwhile."""
        found: list[WaitPart] = []
        from_ns, at_ns = when
        while at_ns > from_ns:
            call = self._awaited(span, (from_ns, at_ns))
            if call is None or depth == _DEEPEST:
                return [self._unknown(span, (from_ns, at_ns)), *found]
            ended_ns = min(at_ns, _landed_at_ns(call))
            if ended_ns < at_ns:
                found.insert(0, self._part(span, NEXT_LOOK, (ended_ns, at_ns)))
            at_ns = max(from_ns, call.entered_at_ns)
            meanwhile = at_ns, ended_ns
            part = self._part(span, ANOTHERS_FETCH, meanwhile)
            of = self._of(call.parent or call, meanwhile, depth + 1)
            part = replace(part, fetched_by=call.request.id, parts=tuple(of))
            found.insert(0, part)
        return found

    def _unknown(self, span: Span, when: Interval) -> WaitPart:
        """Return the wait for a call that is not there yet."""
        layer = self._path[span.index]
        gathers = _words(layer.waits_before()) if layer.joins_keys else ""
        return self._part(span, gathers or ANOTHERS_FETCH, when)

    def _awaited(self, span: Span, when: Interval) -> Span | None:
        """Return the call for whose answer a request waited, if it is known."""
        from_ns, until_ns = when
        joins_keys = self._path[span.index].joins_keys

        def rank(call: Span) -> tuple[bool, bool, bool, int, int]:
            mine, caller = span.request, call.parent or call
            return (
                _is_of(call, span),
                caller.domain == span.domain,
                caller.request.location == mine.location,
                min(call.left_at_ns, until_ns),
                -call.entered_at_ns,
            )

        others = (
            call
            for call in self._trace.spans(span.index + 1)
            if call.parent is not span
            and (joins_keys or call.request.key == span.request.key)
            and call.entered_at_ns < until_ns
            and call.left_at_ns > from_ns
        )
        return max(others, key=rank, default=None)


def _is_of(call: Span, span: Span) -> bool:
    """Say whether an answer may be that of another's call."""
    mine, other = span.answer, call.answer
    if mine is None or other is None:
        return False
    made_ns = other.generated_at_ns
    return mine.status == other.status and mine.generated_at_ns == made_ns


def _landed_at_ns(call: Span) -> int:
    """Return when those who wait for a call can have its answer."""
    caller = call.parent
    if caller is None or caller.answer is None:
        return call.left_at_ns
    return max(call.left_at_ns, caller.left_at_ns)


def _words(waits: Iterable[Wait]) -> str:
    """Return the names of waits that take time."""
    return " and ".join(dict.fromkeys(one.name for one in waits if one.length_ns))


def _named(
    span: Span, when: Interval, name: str
) -> Iterator[tuple[str, str, Interval]]:
    """Cut a time by what the layer told of it; the rest has the layer's own name."""
    at_ns, until_ns = when
    for told in span.told:
        if not when[0] <= told.at_ns < when[1]:
            continue
        if told.at_ns > at_ns:
            yield name, "", (at_ns, told.at_ns)
            at_ns = told.at_ns
        ends_ns = min(told.until_ns, until_ns)
        if ends_ns > at_ns:
            yield told.name, told.where, (at_ns, ends_ns)
            at_ns = ends_ns
    if until_ns > at_ns:
        yield name, "", (at_ns, until_ns)
