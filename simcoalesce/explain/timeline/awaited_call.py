"""Awaited call: the fetch of another for which a request waited."""

from simcoalesce.model.trace import Span, SpanTrace


def awaited_call(
    trace: SpanTrace, span: Span, when: tuple[int, int], *, joins_keys: bool
) -> Span | None:
    """Return the call for whose answer a request waited, if it is known.

    It is one of the same key, and the one that made the request's answer, if there is
    such a one; of others the one in the same isolate or object, at the same location,
    that ended last, or began first.

    Args:
        trace: What happened.
        span: The way of the request through the layer where it waited.
        when: From when, and until when.
        joins_keys: Whether one call may be for several keys.
    """
    from_ns, until_ns = when

    def rank(call: Span) -> tuple[bool, bool, bool, int, int]:
        caller = call.parent or call
        return (
            _made(call, span),
            caller.domain == span.domain,
            caller.request.location == span.request.location,
            min(call.left_at_ns, until_ns),
            -call.entered_at_ns,
        )

    others = (
        call
        for call in trace.spans(span.index + 1)
        if call.parent is not span
        and (joins_keys or call.request.key == span.request.key)
        and call.entered_at_ns < until_ns
        and landed_at_ns(call) > from_ns
    )
    return max(others, key=rank, default=None)


def _made(call: Span, span: Span) -> bool:
    """Say whether an answer may be that of another's call."""
    mine, other = span.answer, call.answer
    if mine is None or other is None:
        return False
    made_ns = other.generated_at_ns
    return mine.status == other.status and mine.generated_at_ns == made_ns


def landed_at_ns(call: Span) -> int:
    """Return when those who wait for a call can have its answer."""
    caller = call.parent
    if caller is None or caller.answer is None:
        return call.left_at_ns
    return max(call.left_at_ns, caller.left_at_ns)
