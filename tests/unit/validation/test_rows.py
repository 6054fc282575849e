"""Rows: what clients saw, as the model's tables."""

from collections.abc import Sequence

import numpy as np

from simcoalesce.outcomes import NEVER, Lookup, OriginRows, Outcomes, Role
from simcoalesce.validation.clients import ClientRequest
from simcoalesce.validation.http import Message
from simcoalesce.validation.rows import Names, measured_outcomes
from simcoalesce.validation.targets.workerd import Workerd
from tests.builders import at_ms
from tests.unit.validation.builders import a_scenario

MS = 1_000_000


def seen(cache_status: str, *, status: int = 200) -> Outcomes:
    """Return the outcomes of one request that took 7 ms; its content is 2 ms old."""
    body = b'{"made_at_ns": 5000000}' if status < 400 else b""
    headers = {"cache-status": cache_status}
    return of_request(
        ClientRequest(0, 7 * MS, Message(f"HTTP/1.1 {status} It", headers, body))
    )


def of_request(request: ClientRequest, *, bypass: Sequence[int] = ()) -> Outcomes:
    """Return the outcomes of one request."""
    sent = at_ms(0, bypass=bypass)
    nothing = OriginRows(*np.empty((6, 0), dtype=np.int64))
    names = Names(("key",), ("home",), Workerd().layers)
    traces = Workerd().traces(a_scenario(), [request], set())
    return measured_outcomes(
        sent, [request], traces, calls=nothing, usage={}, names=names
    )


def test_a_cache_hit_has_an_age() -> None:
    """From when the origin made it to when the client had it."""
    rows = seen("kv; hit; detail=none").request_rows

    assert rows.lookup[0] == Lookup.HIT
    assert rows.role[0] == Role.NONE
    assert Workerd().layers[rows.served_by[0]] == "kv"
    assert rows.age_ns[0] == 2 * MS


def test_a_follower_of_a_refused_leader_is_a_follower() -> None:
    """Status, lookup and role are three things."""
    rows = seen("origin; fwd=uri-miss; detail=follower", status=429).request_rows

    assert (rows.status[0], rows.role[0]) == (429, Role.FOLLOWER)
    assert rows.age_ns[0] == NEVER


def test_a_broken_connection_is_an_error_of_the_worker() -> None:
    """The client has no answer."""
    rows = of_request(ClientRequest(0, 7 * MS, None)).request_rows

    assert rows.status[0] == 500
    assert Workerd().layers[rows.served_by[0]] == "worker"


def test_a_post_is_a_bypass_whatever_its_answer_says() -> None:
    """It led no flight, and found nothing."""
    message = Message("HTTP/1.1 200 OK", {"cache-status": "origin; fwd=uri-miss"}, b"")
    rows = of_request(ClientRequest(0, 7 * MS, message), bypass=[0]).request_rows

    assert (rows.lookup[0], rows.role[0]) == (Lookup.BYPASS, Role.NONE)
    assert rows.age_ns[0] == NEVER
