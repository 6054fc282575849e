"""The recorder: rows in, three tables out."""

import numpy as np
import pytest

from simcoalesce.model.answer import Answer
from simcoalesce.model.recorder import Recorder
from simcoalesce.outcomes import NEVER, Lookup, Outcomes, Role
from simcoalesce.request import Requests
from tests.builders import a_request, at_ms


def an_answer(status: int = 200, lookup: int = Lookup.MISS) -> Answer:
    """Return an answer that was generated at 10 ns."""
    return Answer(status, lookup, Role.NONE, 0, 10)


def the_tables(recorder: Recorder, requests: Requests) -> Outcomes:
    """Return what the recorder made of requests for one key."""
    return recorder.outcomes(requests, keys=["a"], locations=["b"])


def test_rows_are_in_order_of_arrival() -> None:
    """Whoever is answered first."""
    recorder = Recorder()
    for id_, at in ((2, 5), (0, 9), (1, 9)):
        recorder.answered(a_request(id_), at, an_answer(200 + id_))
    rows = the_tables(recorder, at_ms(0, 0, 0)).request_rows

    assert rows.request.tolist() == [0, 1, 2]
    assert rows.completed_at_ns.tolist() == [9, 9, 5]
    assert rows.status.tolist() == [200, 201, 202]


@pytest.mark.parametrize("answered", [[0], [0, 1, 1], [0, 2]])
def test_every_request_is_answered_exactly_once(answered: list[int]) -> None:
    """None is forgotten, none answered twice, none invented."""
    recorder = Recorder()
    for id_ in answered:
        recorder.answered(a_request(id_), 1, an_answer())

    with pytest.raises(AssertionError, match="answered once"):
        the_tables(recorder, at_ms(0, 0))


def test_only_what_a_cache_had_has_an_age() -> None:
    """From the moment that the content was made, until the answer."""
    recorder = Recorder()
    for id_, lookup in enumerate(Lookup):
        recorder.answered(a_request(id_), 25, an_answer(lookup=lookup))
    rows = the_tables(recorder, at_ms(0, 0, 0, 0)).request_rows

    assert rows.age_ns.tolist() == [NEVER, 15, 15, NEVER]


def test_calls_are_in_the_order_of_the_calls() -> None:
    """Whenever they end."""
    recorder = Recorder()
    recorder.called(a_request(1, key=7), 3, 90, an_answer(429))
    recorder.called(a_request(0, key=8), 4, 50, an_answer()._replace(version=2))
    rows = the_tables(recorder, at_ms()).origin_rows

    assert np.array(
        [
            rows.request,
            rows.key,
            rows.called_at_ns,
            rows.completed_at_ns,
            rows.status,
            rows.version,
        ]
    ).T.tolist() == [[1, 7, 3, 90, 429, 0], [0, 8, 4, 50, 200, 2]]


def test_names_have_one_code_each() -> None:
    """The table of names is in the order of their first use."""
    recorder = Recorder()
    codes = [recorder.code_of(name) for name in ("origin", "kv", "origin")]

    assert codes == [0, 1, 0]
    assert the_tables(recorder, at_ms()).layers == ("origin", "kv")


def test_usage_is_in_the_units_of_price_lists() -> None:
    """An active second of an object is 0.128 GB-s; CPU time is in milliseconds."""
    recorder = Recorder()
    recorder.usage.object_active_ns = 2_000_000_000
    recorder.usage.worker_requests = 5
    usage = recorder.outcomes(at_ms(), keys=[], locations=[], cpu_ns=2_000_000).usage

    assert usage["object_gb_s"] == pytest.approx(0.256)
    assert usage["worker_cpu_ms"] == 10
