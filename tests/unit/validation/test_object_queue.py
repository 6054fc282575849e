"""The queue before an object."""

from simcoalesce.validation.http import Message
from simcoalesce.validation.object_queue import peak_queue, stays_ms


def an_answer(via: str | None) -> Message:
    """Return an answer, which may have come from an object."""
    return Message("HTTP/1.1 200 OK", {"via": via} if via else {}, b"")


def test_only_who_asked_an_object_was_there() -> None:
    """Hits, and broken connections, were not."""
    answers = [an_answer("1.1 coalescer (7 9)"), an_answer(None), None]

    assert stays_ms(answers) == [(7, 9)]


def test_the_queue_is_longest_where_most_wait() -> None:
    """Who is let in makes room for who comes at the same time."""
    assert peak_queue([(0, 10), (2, 20), (10, 20), (12, 30)]) == 3


def test_a_wait_below_what_the_clock_can_tell_is_none() -> None:
    """Its unit is a millisecond."""
    assert peak_queue([(0, 1), (0, 1), (0, 0)]) == 0
