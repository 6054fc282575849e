"""Deciding calls: those of a layer's calls for which its request had to wait.

They are found backwards from the answer: the call that brought it, the call that had
ended when that one began, and so on. Calls beside them (hedge, fan-out) decide nothing.
"""

from collections.abc import Iterator, Sequence

from simcoalesce.model.layer import Layer
from simcoalesce.model.trace import Span


def deciding_calls(span: Span, until_ns: int, layer: Layer) -> list[Span]:
    """Return the calls of a layer that decided how long it took, in order."""
    left = [one for one in span.inside if one.entered_at_ns <= until_ns]
    found: list[Span] = []
    last = _under_way(span, until_ns, layer, left) or _ended(span, until_ns, left)
    while last is not None:
        found.insert(0, last)
        left = left[: left.index(last)]
        last = _ended(span, last.entered_at_ns, left)
    return found


def _ended(span: Span, until_ns: int, calls: Sequence[Span]) -> Span | None:
    """Return the call that ended last before an instant; none of those stopped."""
    ended = [one for one in calls if one.left_at_ns <= until_ns]
    return max(ended, key=lambda one: _rank(one, span), default=None)


def _rank(call: Span, span: Span) -> tuple[int, bool, bool, int]:
    is_same = (
        call.answer is not None
        and span.answer is not None
        and call.answer[:5] == span.answer[:5]
    )
    has_answer = call.answer is not None
    return call.left_at_ns, has_answer, is_same, call.entered_at_ns


def _under_way(
    span: Span, until_ns: int, layer: Layer, calls: Sequence[Span]
) -> Span | None:
    """Return the call that was awaited in vain, if the wait ended without it."""
    is_cut = span.left_at_ns > until_ns or span.answer is None
    waited = [one for one in calls if one.left_at_ns >= until_ns]
    if not waited or not (is_cut or layer.gives_up or layer.calls_together):
        return None
    if any(one.left_at_ns == until_ns and one.answer is not None for one in calls):
        return None
    since_ns = waited[0].entered_at_ns
    told = (one for one in span.told if one.at_ns >= since_ns)
    if any(one.at_ns < until_ns <= one.until_ns for one in told):
        return None
    return waited[0]


def attempts(root: Span, path: Sequence[Layer]) -> list[Span]:
    """Return the calls of the innermost layers that ask again, in order.

    Args:
        root: The way of a request through the whole path.
        path: The layers.
    """
    found = list(_attempts_in(root, path))
    return sorted(found, key=lambda one: one.entered_at_ns)


def _attempts_in(span: Span, path: Sequence[Layer]) -> Iterator[Span]:
    for call in span.inside:
        within = list(_attempts_in(call, path))
        if within:
            yield from within
        elif path[span.index].asks_again:
            yield call
