"""Parts of a wait: what a request waited for, layer by layer, from its trace.

The parts follow the calls that decided when the answer came, backwards from it: where
a layer makes several at once (hedge, fan-out), the others are no part of the wait.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from simcoalesce.explain.timeline.awaited_call import awaited_call, landed_at_ns
from simcoalesce.explain.timeline.deciding_calls import attempts, deciding_calls
from simcoalesce.explain.timeline.gap import Gap, Side, named_parts, names_of
from simcoalesce.explain.timeline.wait_part import WaitPart
from simcoalesce.model.answer import Answer
from simcoalesce.model.layer import ANOTHERS_FETCH, Layer
from simcoalesce.model.trace import Span, SpanTrace
from simcoalesce.outcomes import Lookup

NEXT_LOOK: Final = "wait until it looks again"
_IN_VAIN: Final = "wait in vain"
_LOOKS_IN_VAIN: Final = 2
"""Who has looked so often after a fetch does not find what it brought."""
_DEEPEST: Final = 8
"""So many fetches that wait for each other are told."""
_FOUND: Final = {Lookup.HIT: "hit", Lookup.STALE: "stale"}


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
        self._attempts: dict[Span, list[Span]] = {}

    def of_request(self) -> tuple[WaitPart, ...]:
        """Return the parts of the request that is traced, from arrival to answer."""
        root = self._trace.root
        return tuple(self._of(root, root.entered_at_ns, root.left_at_ns))

    def background(self) -> tuple[WaitPart, ...]:
        """Return what layers did for the request, and its answer did not wait for."""
        return tuple(self._background(self._trace.root))

    def _background(self, span: Span) -> Iterator[WaitPart]:
        for told in span.background:
            yield self._part(span, told.name, told.at_ns, told.until_ns)
        for call in span.inside:
            yield from self._background(call)

    def _of(
        self, span: Span, from_ns: int, until_ns: int, depth: int = 0
    ) -> list[WaitPart]:
        """Return the parts of a span between two instants, in order."""
        calls = deciding_calls(span, until_ns, self._path[span.index])
        found: list[WaitPart] = []
        at_ns = span.entered_at_ns
        side: Side = "before"
        for call in calls:
            since_ns = max(at_ns, from_ns)
            gap = Gap(at_ns, since_ns, call.entered_at_ns, side)
            found += self._before(self._own(span, gap, depth), span, side)
            at_ns, side = min(call.left_at_ns, until_ns), "between"
            if at_ns >= since_ns:
                found += self._of(call, since_ns, at_ns, depth)
        gap = Gap(at_ns, max(at_ns, from_ns), until_ns, "after" if calls else "alone")
        own = self._own(span, gap, depth)
        if span.answer is None:
            own = self._stopped(own, span, gap)
        elif span.left_at_ns <= until_ns:
            own = self._answered(own, span, span.answer, gap, calls)
        elif not depth:
            own = self._stopped(own, span, gap)
        return [*found, *own]

    def _own(self, span: Span, gap: Gap, depth: int) -> list[WaitPart]:
        """Return what a request waits for in a layer itself."""
        layer, is_last = self._path[span.index], span.index == len(self._path) - 1
        found: list[WaitPart] = []
        for one in named_parts(gap, span, layer, is_last=is_last):
            if one.name == ANOTHERS_FETCH:
                found += self._shared(span, one.from_ns, one.until_ns, depth)
            else:
                found.append(self._part(span, *one))
        return found

    def _before(self, found: list[WaitPart], span: Span, side: Side) -> list[WaitPart]:
        """Have the last part before a call say why there is one."""
        layer = self._path[span.index]
        if not found or side != "before":
            return found
        if layer.looks_up and found[-1].name in names_of(layer.waits_before()):
            found[-1] = replace(found[-1], outcome="miss")
        return found

    def _answered(
        self,
        found: list[WaitPart],
        span: Span,
        answer: Answer,
        gap: Gap,
        calls: Sequence[Span],
    ) -> list[WaitPart]:
        """Have a part at the end of a span say what came of it, if it is new."""
        given = calls[-1].answer if calls else None
        if given is not None and given[:2] == answer[:2]:
            return found
        at = self._made_in(found, span, gap, is_cut=bool(calls) and given is None)
        if at is None and gap.from_ns > gap.began_at_ns:
            return found
        if at is None:
            at = 0 if calls else len(found)
            at_ns = gap.from_ns if calls else gap.until_ns
            found.insert(at, self._part(span, self._noun(span), at_ns, at_ns))
        outcome = self._outcome(span, answer, gap.side)
        if outcome == "shared":
            found = _with_last_fetch_shared(found)
        found[at] = replace(found[at], outcome=outcome, status=answer.status)
        return found

    def _made_in(
        self, found: Sequence[WaitPart], span: Span, gap: Gap, *, is_cut: bool
    ) -> int | None:
        """Return in which part an answer was made; None if in no time."""
        waits_after = self._path[span.index].waits_after()
        after = names_of(waits_after) if gap.side == "alone" else []
        label = self._labels[span.index]
        own = [
            at
            for at, part in enumerate(found)
            if part.layer == label and part.name not in after
        ]
        return own[-1] if own and not is_cut else None

    def _noun(self, span: Span) -> str:
        return self._path[span.index].noun.removeprefix("the ")

    def _stopped(self, found: list[WaitPart], span: Span, gap: Gap) -> list[WaitPart]:
        """Have the last part of a span that was left say so."""
        if gap.side == "alone" and not found:
            at_ns = gap.until_ns
            found = [self._part(span, self._noun(span), at_ns, at_ns)]
        if found:
            found[-1] = replace(found[-1], outcome="stopped")
        return found

    def _outcome(self, span: Span, answer: Answer, side: Side) -> str:
        """Return what came of the last part of a span, in one word."""
        lookup = Lookup(answer.lookup)
        if lookup is not Lookup.MISS:
            return _FOUND[lookup]
        is_last = span.index == len(self._path) - 1
        waits = self._path[span.index].makes_wait and not is_last
        return "shared" if waits and side == "alone" and answer.role else "answered"

    def _part(
        self, span: Span, name: str, from_ns: int, until_ns: int, where: str = ""
    ) -> WaitPart:
        layer = where or self._labels[span.index]
        number, asked_by = self._attempt(span, from_ns)
        return WaitPart(name, layer, number, asked_by, from_ns, until_ns)

    def _attempt(self, span: Span, at_ns: int) -> tuple[int, str]:
        """Return the number of an attempt, from 1 on, and which layer made it."""
        known, one = self._attempts_of(span), span
        while one not in known and one.parent is not None:
            one = one.parent
        if one not in known:
            earlier = sum(one.entered_at_ns <= at_ns for one in known)
            if not earlier:
                return 1, ""
            one = known[earlier - 1]
        caller = one.parent
        is_first = caller is None or caller.inside[0] is one
        asked_by = "" if is_first or caller is None else self._labels[caller.index]
        return known.index(one) + 1, asked_by

    def _attempts_of(self, span: Span) -> list[Span]:
        """Return the attempts of a request, by one of its spans."""
        root = span
        while root.parent is not None:
            root = root.parent
        if root not in self._attempts:
            self._attempts[root] = attempts(root, self._path)
        return self._attempts[root]

    def _shared(
        self, span: Span, from_ns: int, until_ns: int, depth: int
    ) -> list[WaitPart]:
        """Return the wait for another's fetch, with what that one did meanwhile.

        It may be for several, one after the other, if the first ones did not help.
        """
        joins_keys = self._path[span.index].joins_keys
        found: list[WaitPart] = []
        at_ns = until_ns
        while at_ns > from_ns and depth < _DEEPEST:
            when = from_ns, at_ns
            call = awaited_call(self._trace, span, when, joins_keys=joins_keys)
            if call is None:
                break
            ended_ns = min(at_ns, landed_at_ns(call))
            if ended_ns < at_ns:
                name = _tail_name(span, ended_ns, at_ns)
                found.insert(0, self._part(span, name, ended_ns, at_ns))
            at_ns = max(from_ns, self._began_at_ns(call, span, when))
            part = self._part(span, ANOTHERS_FETCH, at_ns, ended_ns)
            of = self._of(call.parent or call, at_ns, ended_ns, depth + 1)
            is_over = call.left_at_ns <= ended_ns
            part = replace(
                part,
                outcome="not_shared" if is_over else "stopped",
                fetched_by=call.request.id,
                parts=tuple(of),
            )
            found.insert(0, part)
            if joins_keys:
                break
        if at_ns > from_ns:
            gathers = names_of(self._path[span.index].waits_before())
            name = gathers[0] if joins_keys and gathers else ANOTHERS_FETCH
            found.insert(0, self._part(span, name, from_ns, at_ns))
        return found

    def _began_at_ns(self, call: Span, span: Span, when: tuple[int, int]) -> int:
        """Return when others begin to wait for a call: if alone, before it is made."""
        began_at_ns, caller = call.entered_at_ns, call.parent
        if caller is None or self._path[span.index].joins_keys:
            return began_at_ns
        before = when[0], began_at_ns
        if awaited_call(self._trace, span, before, joins_keys=False) is not None:
            return began_at_ns
        return max(caller.entered_at_ns, when[0])


def _tail_name(span: Span, from_ns: int, until_ns: int) -> str:
    """Return what a wait is called that goes on when the fetch of another is over."""
    looks = sum(from_ns < told.at_ns < until_ns for told in span.told)
    return NEXT_LOOK if looks < _LOOKS_IN_VAIN else _IN_VAIN


def _with_last_fetch_shared(found: Sequence[WaitPart]) -> list[WaitPart]:
    """Return parts of which the last fetch of another brought the answer."""
    fetches = [at for at, part in enumerate(found) if part.fetched_by is not None]
    return [
        replace(part, outcome="shared") if at in fetches[-1:] else part
        for at, part in enumerate(found)
    ]
