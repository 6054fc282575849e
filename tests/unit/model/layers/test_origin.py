"""origin: the end of every path, as a scenario writes it."""

from itertools import pairwise
from typing import Any

import pytest
from pydantic import ValidationError

from simcoalesce.model.layer import Layer
from simcoalesce.model.rate_limit import presets
from tests.builders import (
    a_path,
    an_origin,
    at_ms,
    calls_ms,
    hits,
    latencies_ms,
    simulated,
    statuses,
)


def only(latency: Any = "120ms", **fields: Any) -> list[Layer]:
    """Return a path of nothing but an origin."""
    return a_path(an_origin(latency, **fields))


def test_calls_are_served_at_once_without_a_limit() -> None:
    """Any number of them."""
    assert latencies_ms(simulated(only(), at_ms(0, 0, 0))) == [120, 120, 120]


def test_beyond_its_servers_calls_queue() -> None:
    """Two servers, four calls of 120 ms."""
    outcomes = simulated(only(concurrency=2), at_ms(0, 0, 0, 60))

    assert latencies_ms(outcomes) == [120, 120, 240, 180]


def test_beyond_its_queue_calls_are_refused_with_503() -> None:
    """One server, one place: the third gets 503 after 10 ms."""
    outcomes = simulated(only(concurrency=1, queue_limit=1), at_ms(0, 1, 2, 120))

    assert statuses(outcomes) == [200, 200, 503, 200]
    assert latencies_ms(outcomes) == [120, 239, 10, 240]


def test_beyond_its_rate_calls_are_refused_with_429() -> None:
    """One in a second; saying so takes 25 ms."""
    limit = {"kind": "fixed_window", "limit": 1, "per": "1s"}
    path = only(rate_limit=limit, rejects_in="25ms")
    outcomes = simulated(path, at_ms(0, 500, 1_000))

    assert statuses(outcomes) == [200, 429, 200]
    assert latencies_ms(outcomes) == [120, 25, 120]


def test_all_limits_must_admit_a_call() -> None:
    """Two a second and three in ten seconds."""
    limits = [
        {"kind": "fixed_window", "limit": 2, "per": "1s"},
        {"kind": "fixed_window", "limit": 3, "per": "10s"},
    ]
    outcomes = simulated(only(rate_limit=limits), at_ms(0, 1, 2, 1_000, 1_001, 10_000))

    assert statuses(outcomes) == [200, 200, 429, 200, 429, 200]


def test_a_call_that_one_limit_refuses_is_not_counted_by_another() -> None:
    """The burst of 0 ms costs the window one call, not three."""
    limits = [
        {"kind": "fixed_window", "limit": 2, "per": "10s"},
        {"kind": "token_bucket", "rate": "1/s", "burst": 1},
    ]
    outcomes = simulated(only(rate_limit=limits), at_ms(0, 0, 0, 1_000, 2_000))

    assert statuses(outcomes) == [200, 429, 429, 200, 429]


@pytest.mark.parametrize("name", presets())
def test_every_preset_refuses_at_some_time(name: str) -> None:
    """Ten thousand calls at once are more than any of them admits."""
    outcomes = simulated(only("1s", rate_limit=name), at_ms(*[0] * 10_000))

    assert {200, 429} == set(statuses(outcomes))


def test_a_shop_admits_forty_of_four_hundred_at_once() -> None:
    """The bucket of shopify-rest-standard holds 40, and is empty again 20 s later."""
    path = only(rate_limit="shopify-rest-standard")
    outcomes = simulated(path, at_ms(*[0] * 400, *[20_000] * 41))

    assert statuses(outcomes)[:400].count(200) == 40
    assert statuses(outcomes)[400:].count(200) == 40


def test_an_unknown_preset_is_refused_with_the_names_of_all() -> None:
    """The message helps."""
    with pytest.raises(
        ValidationError, match=r'named "stripe"; there are: .*stripe-li'
    ):
        only(rate_limit="stripe")


def test_no_limit_is_unlimited() -> None:
    """The word, and nothing at all."""
    unlimited: list[Any] = ["unlimited", None, []]

    assert all(only(rate_limit=written) == only() for written in unlimited)


@pytest.mark.parametrize(
    ("written", "attempts_ms"),
    [("none", [0, 10, 20]), ("exact", [0, 10, 3_020]), ("5s", [0, 10, 5_020])],
)
def test_retry_after_tells_a_client_when_to_come_back(
    written: str, attempts_ms: list[float]
) -> None:
    """Refused at 20 ms; the window opens at 2.5 s, in whole seconds 3 s away."""
    limit = {"kind": "fixed_window", "limit": 1, "per": "2500ms"}
    retry = {"retry": {"attempts": 2, "backoff": "0ms", "jitter": "none"}}
    origin = an_origin("0ms", rate_limit=limit, retry_after=written)
    outcomes = simulated(a_path(retry, origin), at_ms(0, 10))

    assert calls_ms(outcomes) == attempts_ms


def test_faults_strike_admitted_calls_only() -> None:
    """The first call fails; refused ones are not counted as calls served."""
    limit = {"kind": "token_bucket", "rate": "1/s", "burst": 1}
    faults = [{"kind": "first", "calls": 2}]
    path = only(rate_limit=limit, faults=faults)
    outcomes = simulated(path, at_ms(0, 1, 2, 1_000, 2_000))

    assert statuses(outcomes) == [500, 429, 429, 500, 200]


def test_an_answer_carries_the_version_of_its_call() -> None:
    """It changed at 50 ms: a call at 50 gets the new one, one at 49 the old one."""
    outcomes = simulated(only(changes_at=["50ms", "200ms"]), at_ms(0, 49, 50, 200))

    assert outcomes.origin_rows.version.tolist() == [0, 0, 1, 2]


def test_a_version_may_change_at_regular_times_besides() -> None:
    """Every second from one second on, and at 1.5 s."""
    path = only(changes_every="1s", changes_at=["1500ms"])
    outcomes = simulated(path, at_ms(999, 1_000, 1_500, 2_000))

    assert outcomes.origin_rows.version.tolist() == [0, 1, 2, 3]


def test_good_answers_have_a_size() -> None:
    """Errors and refusals are not counted."""
    faults = [{"kind": "first", "calls": 1}]
    path = only(faults=faults, response_size="10KiB")

    assert simulated(path, at_ms(0, 1, 2)).usage["response_bytes"] == 2 * 10_240


def test_every_call_has_a_row_with_its_beginning_and_end() -> None:
    """Also those that are refused."""
    limit = {"kind": "token_bucket", "rate": "1/s", "burst": 1}
    rows = simulated(only(rate_limit=limit), at_ms(0, 1)).origin_rows

    assert rows.called_at_ns.tolist() == [0, 1_000_000]
    assert rows.completed_at_ns.tolist() == [120_000_000, 11_000_000]
    assert rows.status.tolist() == [200, 429]


def test_a_latency_of_an_unknown_key_is_refused() -> None:
    """The message says which keys there are."""
    path = only(latency_of={"shoe": "1s"})

    with pytest.raises(ValueError, match=r'no key is named "shoe"; .* has: key-0'):
        simulated(path, at_ms(0))


@pytest.mark.parametrize("written", ["none", "exact", "2s"])
def test_retry_after_is_written_as_it_was_read(written: str) -> None:
    """A resolved scenario can be read again."""
    assert only(retry_after=written)[0].document()["retry_after"] == written


def test_an_answer_is_complete_when_its_body_is() -> None:
    """Headers after 120 ms, the body 300 ms later: for client and origin alike."""
    outcomes = simulated(only(body="300ms"), at_ms(0))

    assert latencies_ms(outcomes) == [420]
    assert outcomes.origin_rows.completed_at_ns.tolist() == [420_000_000]


def test_a_call_occupies_its_server_until_its_body_is_complete() -> None:
    """One server: the second call waits 420 ms, and then takes as long."""
    outcomes = simulated(only(body="300ms", concurrency=1), at_ms(0, 1))

    assert latencies_ms(outcomes) == [420, 839]


def test_a_slow_call_has_a_slow_body_and_an_error_has_none() -> None:
    """Twice 120 + 300 ms; an error and a refusal come at once."""
    faults = [
        {"kind": "window", "until": "1ms", "slower": 2},
        {"kind": "window", "from": "1ms", "until": "2ms"},
    ]
    limit = {"kind": "fixed_window", "limit": 2, "per": "1s"}
    path = only(body="300ms", faults=faults, rate_limit=limit)

    assert latencies_ms(simulated(path, at_ms(0, 1, 2))) == [840, 120, 10]


def test_a_time_out_counts_to_the_last_byte() -> None:
    """Headers at 120 ms are in time, the body at 420 ms is not."""
    path = a_path({"timeout": {"after": "400ms"}}, an_origin(body="300ms"))

    assert statuses(simulated(path, at_ms(0))) == [504]


def test_an_isolate_shares_and_keeps_whole_answers() -> None:
    """Who comes before 420 ms follows; who comes then finds it in memory."""
    path = a_path("memory", "single_flight", an_origin(body="300ms"))
    outcomes = simulated(path, at_ms(0, 130, 419, 420))

    assert latencies_ms(outcomes) == [420, 290, 1, 0]
    assert calls_ms(outcomes) == [0]


def test_headers_and_body_each_wait_for_the_gate_of_an_object() -> None:
    """Turns of 100 ms: headers at 120 ms wait until 200 ms, the body does not.

    The body is there at 270 ms; by then the turn of who came at 260 ms is under way.
    Without that one the headers alone wait.
    """
    gate = {"durable_object": {"service_time": "100ms"}}
    path = a_path(gate, an_origin("20ms", body="150ms"))

    assert latencies_ms(simulated(path, at_ms(0, 50)))[0] == 270
    assert latencies_ms(simulated(path, at_ms(0, 50, 260)))[0] == 360


def test_answers_may_say_how_long_they_last() -> None:
    """The first call 1 s, the second 3 s, all others 2 s; an HTTP cache heeds it."""
    origin = an_origin("0ms", max_age=["1s", "3s", "2s"])
    outcomes = simulated(a_path("cdn", origin), at_ms(*range(0, 10_000, 500)))

    assert calls_ms(outcomes) == [0, 1_000, 4_000, 6_000, 8_000]


def test_one_lifetime_is_that_of_all_answers_drawn_for_each() -> None:
    """A list of one."""
    assert only(max_age="2s") == only(max_age=["2s"])
    path = a_path("cdn", an_origin("0ms", max_age={"uniform": ["1s", "3s"]}))
    calls = calls_ms(simulated(path, at_ms(*range(0, 60_000, 10))))
    cycles_ms = [after - before for before, after in pairwise(calls)]

    assert min(cycles_ms) >= 1_000
    assert max(cycles_ms) <= 3_010
    assert len(set(cycles_ms)) > 10


def test_an_application_keeps_its_own_lifetimes() -> None:
    """Memory and KV know nothing of Cache-Control."""
    origin = an_origin("0ms", max_age="0s")
    memory = a_path("memory", origin)
    kv = a_path("kv.read", "kv.write", origin)

    assert [hits(simulated(path, at_ms(0, 500))) for path in (memory, kv)] == [1, 1]


def test_a_queue_timeout_needs_a_queue() -> None:
    """The message says what to write."""
    with pytest.raises(ValueError, match="write how many are"):
        a_path(an_origin(queue_timeout="500ms"))
