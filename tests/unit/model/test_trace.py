"""A trace follows one request, and changes nothing."""

from simcoalesce.model.trace import Span
from tests.builders import MS, a_path, an_origin, at_ms, even, tables, traced


def names(span: Span) -> list[tuple[int, int, int]]:
    """Return which layers a request passed: index, from when and until when in ms."""
    own = span.index, span.entered_at_ns // MS, span.left_at_ns // MS
    return [own, *(one for call in span.inside for one in names(call))]


def test_spans_are_nested_as_layers_are() -> None:
    """From call to answer; a retry asks the next layer twice."""
    retry = {"retry": {"backoff": "30ms", "jitter": "none"}}
    path = a_path(retry, "kv.read", an_origin(faults=[{"kind": "first", "calls": 1}]))
    *_, trace = traced(path, at_ms(0), 0)

    assert names(trace.root) == [
        (0, 0, 280),
        *((1, 0, 125), (2, 5, 125)),
        *((1, 155, 280), (2, 160, 280)),
    ]


def test_who_is_traced_is_completed_by_no_fast_path() -> None:
    """Even in the middle of hundreds that are completed at once."""
    path = a_path("kv.read", "kv.write", an_origin())
    outcomes, again, trace = traced(path, even(400, MS), 300)

    assert tables(again) == tables(outcomes)
    assert names(trace.root) == [(0, 300, 305)]


def test_what_ended_before_the_request_came_is_not_kept() -> None:
    """Nor what is asked for another key."""
    path = a_path("kv.read", an_origin())
    *_, trace = traced(path, at_ms(0, 10, 500, 510, key=[0, 1, 0, 1]), 2)

    assert [span.request.id for span in trace.spans(0)] == [2]


def test_a_call_that_is_stopped_has_no_answer() -> None:
    """It ends when its caller stops to wait."""
    path = a_path({"timeout": {"after": "50ms", "cancels": True}}, an_origin())
    *_, trace = traced(path, at_ms(0), 0)
    (call,) = trace.root.inside

    assert (call.left_at_ns, call.answer) == (50 * MS, None)


def test_a_layer_tells_what_a_request_waits_for() -> None:
    """In order: first a server of the origin, then its answer."""
    path = a_path(an_origin(concurrency=1))
    *_, trace = traced(path, at_ms(0, 0), 1)

    assert [told.name for told in trace.root.told] == ["queue of the origin", "origin"]
