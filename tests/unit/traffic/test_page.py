"""Pages: what one visit asks for, and when; worked out by hand."""

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from simcoalesce.request import NO_PAGE, Request, Requests
from simcoalesce.traffic import GeneratedTraffic, Traffic
from simcoalesce.traffic.client_queue import sent_if_answered_after

MS = 1_000_000
PAGE = {"product": 1, "price": 2}
VISITS = {"kind": "even", "requests": 2, "every_request": "500ms", "page": PAGE}
MANY = {"kind": "zipf", "s": 0.5, "n": 9}


def made(
    *phases: dict[str, Any], rows: int = 65_536, **fields: Any
) -> GeneratedTraffic:
    """Return the traffic of a second."""
    traffic = Traffic.model_validate({"arrivals": phases, **fields})
    return traffic.generate(seed=1, duration_ns=1_000 * MS, rows=rows)


def at_once(*phases: dict[str, Any], **fields: Any) -> Requests:
    """Return the requests of an open loop."""
    return Requests.joined([*made(*phases, **fields).chunks])


def one_by_one(*phases: dict[str, Any], **fields: Any) -> list[Request]:
    """Return the requests of a closed loop, if every answer takes 100 ms."""
    queue = made(*phases, **fields).closed_loop
    assert queue is not None
    return [*sent_if_answered_after(queue, 100 * MS)]


def at_ms(requests: list[Request]) -> list[int]:
    """Return when requests come, in milliseconds."""
    return [request.arrived_at_ns // MS for request in requests]


def test_a_visit_asks_for_every_key_at_once() -> None:
    """Two visits of three keys are six requests, and name their visit's first one."""
    requests = at_once(VISITS)

    assert made(VISITS).keys == ("product", "price-1", "price-2")
    assert requests.arrived_at_ns.tolist() == [0, 0, 0, *[500 * MS] * 3]
    assert requests.key.tolist() == [0, 1, 2] * 2
    assert requests.page is not None
    assert requests.page.tolist() == [[0, 3]] * 3 + [[3, 3]] * 3


def test_a_visit_asks_for_the_next_key_when_it_has_an_answer() -> None:
    """Answers take 100 ms; the second visit does not wait for the first."""
    requests = one_by_one(VISITS | {"loads": "sequential"})

    assert at_ms(requests) == [0, 100, 200, 500, 600, 700]
    assert [request.key for request in requests] == [0, 1, 2] * 2


@pytest.mark.parametrize(
    ("loads", "at"),
    [
        ("parallel", [0, 0, 0, 300, 300, 300]),
        ("sequential", [0, 100, 200, 500, 600, 700]),
    ],
)
def test_a_user_thinks_when_it_has_the_whole_page(loads: str, at: list[int]) -> None:
    """For 200 ms; two pages are two iterations."""
    phase = {"kind": "users", "users": 1, "think": "200ms", "iterations": 2}

    assert at_ms(one_by_one(phase | {"page": PAGE, "loads": loads})) == at


def test_a_started_page_is_loaded_to_its_end() -> None:
    """At 950 ms a visit begins; its last request comes when the scenario is over."""
    phase = VISITS | {"requests": 1, "at": "950ms", "loads": "sequential"}

    assert at_ms(one_by_one(phase)) == [950, 1050, 1150]


def test_all_keys_of_a_visit_are_of_the_key_that_it_draws() -> None:
    """The visit of key-5 asks for product/key-5, price-1/key-5 and price-2/key-5."""
    phase = {"kind": "even", "rate": "40/s", "page": PAGE}
    keys = at_once(phase, keys=MANY).key.reshape(-1, 3)

    assert made(phase, keys=MANY).keys[13] == "price-1/key-5"
    assert (keys == keys[:, :1] + [0, 9, 18]).all()
    assert len(np.unique(keys[:, 0])) > 3


def test_so_are_those_of_a_visit_that_waits_for_answers() -> None:
    """Three visits that do not overlap, of 300 ms each."""
    phase = VISITS | {"requests": 3, "every_request": "320ms", "loads": "sequential"}
    sent = [request.key for request in one_by_one(phase, keys=MANY)]
    keys = np.array(sent).reshape(-1, 3)

    assert (keys == keys[:, :1] + [0, 9, 18]).all()
    assert len(np.unique(keys[:, 0])) > 1


def test_a_visit_has_one_location_and_an_isolate_for_each_request() -> None:
    """A visitor does not travel; a balancer spreads requests."""
    phase = {"kind": "even", "rate": "40/s", "page": PAGE}
    requests = at_once(phase, locations={"icn": 1, "nrt": 1}, isolates=50)
    location, isolate = (
        column.reshape(-1, 3) for column in (requests.location, requests.isolate)
    )

    assert (location == location[:, :1]).all()
    assert len(np.unique(location)) == 2
    assert (isolate != isolate[:, :1]).any()


@pytest.mark.parametrize("rows", [1, 2, 7])
def test_wherever_chunks_are_cut_pages_stay_whole(rows: int) -> None:
    """Also in the middle of a visit, and among other requests."""
    phases: list[dict[str, Any]] = [
        VISITS,
        {"kind": "even", "rate": "10/s", "keys": MANY},
    ]
    whole, cut = at_once(*phases), at_once(*phases, rows=rows)

    assert whole.page is not None
    assert cut.page is not None
    assert np.array_equal(cut.page, whole.page)
    assert np.array_equal(cut.key, whole.key)
    assert (whole.page[3:7] == NO_PAGE).all()


def test_pages_of_an_open_loop_are_renumbered_among_users() -> None:
    """A user sends first at 0 ms, behind the visit; the second visit begins at 4."""
    user = {"kind": "users", "users": 1, "think": "5s"}
    queue = made(user, VISITS).closed_loop
    assert queue is not None
    sent = [*sent_if_answered_after(queue, 100 * MS)]
    pages = queue.pages()

    assert at_ms(sent) == [0, 0, 0, 0, 500, 500, 500]
    assert pages is not None
    assert pages.tolist() == [[0, 3]] * 3 + [[NO_PAGE, NO_PAGE]] + [[4, 3]] * 3


def test_pre_warming_walks_the_keys_of_pages() -> None:
    """Each key of the page, of each key that a visit may draw; no other one."""
    walk = {"kind": "prewarm", "rate": "100/s"}
    requests = at_once(walk, VISITS | {"at": "900ms"})

    assert made(walk, VISITS).keys == ("product", "price-1", "price-2")
    assert requests.key.tolist() == [0, 1, 2, 0, 1, 2]
    assert requests.page is not None
    assert requests.page[:, 0].tolist() == [NO_PAGE] * 3 + [3] * 3


def test_the_expected_requests_are_those_of_all_keys() -> None:
    """Two visits of three keys."""
    traffic = Traffic.model_validate({"arrivals": [VISITS]})

    assert traffic.expected_requests(1_000 * MS) == 6


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"page": {}}, "1 to 1,000 keys"),
        ({"page": {"a": 2_000}}, "1 to 1,000 keys"),
        ({"page": {"a": 2, "a-1": 1}}, "same name"),
        ({"page": None, "loads": "sequential"}, "loads is for pages"),
    ],
)
def test_what_cannot_be_a_page_is_said(fields: dict[str, Any], message: str) -> None:
    """Each error says what to write."""
    with pytest.raises(ValidationError, match=message):
        Traffic.model_validate({"arrivals": [VISITS | fields]})
