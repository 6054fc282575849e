"""The closed form predicts a plain stampede, and says why where it does not."""

import pytest

from simcoalesce.explain.closed_form.closed_form import ClosedForm, closed_form
from tests.unit.explain.builders import a_scenario

DISPLACING = "{cdn: {lock: false, incomplete: displaces}}"
MUTEX = "{durable_object: {gate: block_concurrency}}"


def predicted(*overrides: str) -> ClosedForm:
    """Return the closed form of a scenario that has one."""
    found = closed_form(a_scenario("origin.rate_limit=unlimited", *overrides), seed=1)
    assert found is not None
    return found


def test_calls_are_the_rate_times_the_miss_window() -> None:
    """A thousand a second for 60 + 40 ms are a hundred."""
    found = predicted()

    assert found.agrees
    assert found.window_s == 0.1
    assert 95 < found.predicted < 107
    assert found.reasons == ()


def test_a_read_that_looks_at_its_start_lengthens_the_miss_window() -> None:
    """What is written while it is under way it does not see."""
    assert abs(predicted("kv.read_at=start").window_s - 0.105) < 1e-9


def test_of_many_answers_the_fastest_ends_the_miss_window() -> None:
    """With its latency in place of the mean the prediction is better."""
    found = predicted("origin.latency={median: 60ms, p99: 600ms}")
    simulated = found.simulated.mean or 0.0

    assert "fastest" in found.reasons
    assert abs(found.corrected - simulated) < abs(found.predicted - simulated)


def test_front_loaded_arrivals_are_denser_than_their_mean() -> None:
    """So more of them come in the miss window."""
    found = predicted("traffic.arrivals[0].shape=front_loaded")

    assert "denser" in found.reasons
    assert (found.simulated.mean or 0.0) > found.predicted


@pytest.mark.parametrize(
    "path",
    [
        "[kv.read, durable_object, kv.write, origin]",
        "[kv.read, single_flight, kv.write, origin]",
        "[kv.read, durable_object, {kv.write: {acknowledge: background}}, origin]",
        "[kv.read, {durable_object: {hop: 10ms}}, kv.write, origin]",
        "[lock, origin]",
        "[waiting_list, origin]",
        "[bounded_retries, origin]",
        "[cdn, origin]",
        "[{cdn: {lock: false}}, origin]",
        "[cdn, kv.read, kv.write, origin]",
    ],
)
def test_it_agrees_wherever_misses_share_fetches(path: str) -> None:
    """As many calls as domains, and as fetches that these need."""
    found = predicted(f"path={path}")

    assert found.agrees
    assert found.predicted <= found.misses


@pytest.mark.parametrize(
    "path",
    ["[lock, origin]", "[waiting_list, origin]", "[{cdn: {lock: false}}, origin]"],
)
def test_it_agrees_where_bodies_are_slow(path: str) -> None:
    """Whether the cache streams or not."""
    assert predicted(f"path={path}", "origin.body=50ms").agrees


def test_readers_who_stop_waiting_are_counted() -> None:
    """Of a fetch of 1.2 s, 900 ms are shared."""
    slow = ("origin.latency=1200ms", "traffic.arrivals[0].within=2s")
    found = predicted("path=[bounded_retries, origin]", *slow)

    assert found.agrees
    assert found.predicted > 20


@pytest.mark.parametrize(
    ("reason", "overrides"),
    [
        ("refused", ["origin.rate_limit={kind: fixed_window, limit: 20, per: 1m}"]),
        ("failed", ["origin.faults=[{kind: first, calls: 50, status: 500}]"]),
        ("late", ["origin.concurrency=1", "origin.faults=[{kind: first, calls: 9}]"]),
        ("retried", ["path=[retry, kv.read, kv.write, origin]"]),
        ("given_up", ["path=[{timeout: {after: 20ms}}, kv.read, kv.write, origin]"]),
        ("negative_caching", ["kv={negative_ttl: 30s, local_writes: cached}"]),
        ("elsewhere", ["traffic.locations={icn: 1, nrt: 1}"]),
        ("cold", ["worker.cold_start=5ms"]),
        ("saturated", ["traffic.arrivals[0].within=50ms"]),
        ("kept", ["path=[kv.read, memory, kv.write, origin]"]),
        ("batched", ["path=[kv.read, kv.write, batch, origin]"]),
        ("displaced", [f"path=[{DISPLACING}, origin]", "origin.body=90ms"]),
        (
            "queued",
            [f"path=[kv.read, {MUTEX}, kv.write, origin]"],
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_it_says_why_it_may_be_off(reason: str, overrides: list[str]) -> None:
    """From the rows of its runs, and from the path."""
    if reason == "retried":
        overrides.append("origin.faults=[{kind: first, calls: 50, status: 500}]")

    assert reason in predicted(*overrides).reasons


@pytest.mark.parametrize("spill_above", ["unlimited", 20])
def test_it_holds_for_a_home_isolate(spill_above: object) -> None:
    """One call, or also those of the misses that it has no room for."""
    found = predicted(
        "path=[kv.read, single_flight, kv.write, origin]",
        "traffic={routing: sharded}",
        f"traffic.spill_above={spill_above}",
    )

    assert found.agrees
    assert not found.reasons


def test_absence_that_a_local_put_ends_is_no_reason_to_be_off() -> None:
    """With one location, what it keeps of absence hides no put."""
    found = predicted("kv.negative_ttl=30s")

    assert "negative_caching" not in found.reasons
    assert found.agrees


def test_two_calls_instead_of_one_do_not_agree() -> None:
    """Small numbers have to be right too."""
    found = predicted(
        "path=[kv.read, durable_object, kv.write, origin]",
        "origin.faults=[{kind: first, calls: 1, status: 500}]",
    )

    assert found.predicted == 1
    assert not found.agrees


def test_a_path_without_a_cache_has_no_closed_form() -> None:
    """Its miss window never ends."""
    assert closed_form(a_scenario("path=[origin]"), seed=1) is None
