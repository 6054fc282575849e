"""The origin of the testbed."""

import asyncio
import json

import pytest

from simcoalesce.validation.http import Message, Response
from simcoalesce.validation.mock_origin import MockOrigin
from tests.unit.validation.builders import MS, a_call, a_model_time, an_origin


async def asked(origin: MockOrigin, calls: int) -> list[Response]:
    """Make calls at once."""
    return await asyncio.gather(*(origin.handle(a_call(i)) for i in range(calls)))


def test_content_says_when_it_was_made() -> None:
    """The age of a copy can be told from the copy."""
    time = a_model_time()

    (response,) = asyncio.run(asked(an_origin("latency: 5ms", time), 1))

    assert 5 * MS <= json.loads(response.body)["made_at_ns"] <= time.now_ns()


def test_a_body_comes_after_its_headers_and_ends_the_call() -> None:
    """The headers say how long it will be; its row has the last byte."""
    origin = an_origin("latency: 3ms, body: 5ms")

    async def read() -> tuple[Response, bytes]:
        (response,) = await asked(origin, 1)
        assert response.later is not None
        return response, await response.later()

    response, body = asyncio.run(read())
    said, rows = json.loads(body), origin.rows()
    assert said["complete_at_ns"] >= said["made_at_ns"]
    assert len(body) == len(response.body)
    assert (rows.completed_at_ns - rows.called_at_ns >= 8 * MS).all()


def test_content_has_the_size_of_the_scenario() -> None:
    """Bytes cost time on the wire."""
    (response,) = asyncio.run(asked(an_origin("latency: 1ms, response_size: 4KiB"), 1))

    assert len(response.body) == 4096


def test_the_limit_of_the_scenario_refuses_with_a_time_to_come_back() -> None:
    """Two calls of a window fit, the third is told to wait."""
    origin = an_origin(
        "latency: 1ms, retry_after: 2s,"
        " rate_limit: {kind: fixed_window, limit: 2, per: 60s}"
    )

    responses = asyncio.run(asked(origin, 3))

    assert [response.status for response in responses] == [200, 200, 429]
    assert responses[2].headers["Retry-After"] == "2"


@pytest.mark.parametrize(
    ("whose", "expected"), [("key", [200, 200, 429]), ("tenant", [200, 429, 429])]
)
def test_a_limit_may_be_for_each_key_or_tenant(whose: str, expected: list[int]) -> None:
    """Calls for shop/1, shop/2 and shop/1 again; the slash comes encoded."""
    limit = f"{{kind: fixed_window, limit: 1, per: 60s, for_each: {whose}}}"
    keys = ("shop/1", "shop/2")
    origin = an_origin(f"latency: 1ms, rate_limit: {limit}", keys=keys)

    async def ask() -> list[int]:
        calls = (origin.handle(a_call(key=keys[number])) for number in (0, 1, 0))
        return [(await call).status for call in calls]

    assert asyncio.run(ask()) == expected


def test_every_call_is_a_row() -> None:
    """Whatever it was answered."""
    origin = an_origin("latency: 3ms, faults: [{kind: first, calls: 1, status: 500}]")

    asyncio.run(asked(origin, 2))

    rows = origin.rows()
    assert rows.status.tolist() == [500, 200]
    assert ((rows.completed_at_ns - rows.called_at_ns) >= 3 * MS).all()


def test_a_fault_may_make_an_answer_private() -> None:
    """The first answer of each key must not be stored, the second may be."""
    fault = "{kind: first, calls: 1, each_key: true, cacheable: false}"

    first, second = asyncio.run(asked(an_origin(f"latency: 1ms, faults: [{fault}]"), 2))

    assert (first.status, second.status) == (200, 200)
    assert first.headers["Cache-Control"] == "no-store"
    assert second.headers.get("Cache-Control") != "no-store"


def test_an_origin_that_nobody_calls_has_empty_columns() -> None:
    """All may have been answered from KV."""
    assert len(an_origin("latency: 1ms").rows().status) == 0


def test_an_answer_has_a_date_and_says_what_the_target_needs() -> None:
    """Without a date Squid takes it for expired."""
    headers = {"Cache-Control": "max-age=60"}

    (response,) = asyncio.run(asked(an_origin("latency: 1ms", headers=headers), 1))

    assert response.headers["Cache-Control"] == "max-age=60"
    assert response.headers["Date"].endswith("GMT")


def test_who_asks_for_nothing_is_no_call() -> None:
    """It measures the way to a cache, and may stay there."""
    origin = an_origin("latency: 1ms")
    message = Message("GET /.ready HTTP/1.1", {}, b"")

    response = asyncio.run(origin.handle(message))

    assert response.headers["Cache-Control"] == "max-age=3600"
    assert len(origin.rows().request) == 0


def test_an_answer_says_how_long_it_lasts_instead_of_what_the_target_needs() -> None:
    """The first call 2 s, the others nothing later; other directives stay."""
    headers = {"Cache-Control": "max-age=60, must-revalidate"}
    origin = an_origin("latency: 1ms, max_age: [2s, 0s]", headers=headers)

    said = [one.headers["Cache-Control"] for one in asyncio.run(asked(origin, 2))]
    assert said == ["max-age=2, must-revalidate", "max-age=0, must-revalidate"]
