"""The closed form predicts a plain stampede, and says why where it does not."""

from pathlib import Path

import pytest

from simcoalesce.conditions.estimate import estimate
from simcoalesce.explain.closed_form.closed_form import (
    ClosedForm,
    agreement_of,
    closed_form,
)
from simcoalesce.scenario.scenario import Scenario
from tests.unit.explain.builders import a_scenario

DISPLACING = "{cdn: {lock: false, incomplete: displaces}}"
LATER = "{kv.write: {acknowledge: background}}"
BATCH = "{batch: {within: 20ms}}"
FIVE = "{bulkhead: {limit: 5}}"
STEADY = "{kind: rate, rate: 300/s}"
SPARSE = "traffic.arrivals[0].requests=50"
UNLOCKED = "{cdn: {lock: false}}"
GLOBAL = "{cdn: {scope: global, hop: 20ms, lock: false}}"
REGION = "{cdn: {scope: region, regions: {x: [a, b], y: [c]}, hop: 20ms}}"
LOCATIONS = "traffic.locations={a: 3, b: 2, c: 1}"
KEYS = "traffic.keys={kind: zipf, s: 1, n: 10}"
CASES = Path("tests/assets/explain")
MUTEX = "{durable_object: {gate: block_concurrency}}"


def predicted(*overrides: str) -> ClosedForm:
    """Return the closed form of a scenario that has one."""
    found = closed_form(a_scenario("origin.rate_limit=unlimited", *overrides), seed=1)
    assert found is not None
    return found


def kinds(found: ClosedForm) -> set[str]:
    """Return the kinds of its reasons."""
    return {reason.kind for reason in found.reasons}


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

    assert "fastest" in kinds(found)
    assert abs(found.corrected - simulated) < abs(found.predicted - simulated)


@pytest.mark.parametrize(
    ("arrivals", "rate_per_s"),
    [
        ("{kind: burst, requests: 200, within: 200ms, shape: front_loaded}", 1_390),
        (
            f"{STEADY}, {{kind: burst, requests: 9k, within: 1s, at: 5s}}",
            300,
        ),
        (
            f"{STEADY}, {{kind: even, rate: 2000/s, for: 1s, at: 9s}}",
            300,
        ),
        ("{kind: ramp, from: 900/s, to: 0/s, for: 1s}", 850),
        ("{kind: flash_crowd, peak: 900/s, decay: 100ms}", 570),
        ("{kind: users, users: 500, think: 100ms, ramp: 10s}", 45),
    ],
)
def test_it_has_the_rate_that_the_window_sees(arrivals: str, rate_per_s: int) -> None:
    """Not that of the whole run; means over the 100 ms, within four standard errors.

    Front-loaded: 200 sqrt(100 / 200) = 141 come in the first half. A ramp is at 900 to
    810/s; 900/s that decay with 100 ms bring 57 in 100 ms. Users begin every 20 ms.
    """
    found = predicted(f"traffic.arrivals=[{arrivals}]", "duration=10s")

    many = 10 * rate_per_s * found.window_s
    assert found.rate_per_s == pytest.approx(rate_per_s, rel=4 / many**0.5)
    assert found.agrees


def test_its_table_varies_the_rate_of_the_window() -> None:
    """A burst later on is left alone: predicted and simulated grow together."""
    found = closed_form(Scenario.load(CASES / "two-phases.yaml"), seed=1)
    assert found is not None

    rates = [round(point.rate_per_s) for point in found.range]
    assert found.predicted == pytest.approx(1 + 100 * 0.205, abs=1)
    assert found.agrees
    assert len(rates) == 5
    assert all(6 < rate / 2**n < 26 for n, rate in enumerate(rates))
    assert [one.simulated for one in found.range] == sorted(
        one.simulated for one in found.range
    )


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


def test_misses_whose_clients_ask_again_are_misses() -> None:
    """Their puts are refused after the first one, and the repetition finds a hit."""
    overrides = [
        "path=[retry, kv.read, kv.write, origin]",
        "kv.writes_per_key=1/s",
        "kv.on_refused=fail",
        "origin.rate_limit=[]",
    ]
    found = closed_form(a_scenario(*overrides), seed=1)

    assert found is not None
    assert found.agrees, found


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
        ("late", ["origin.faults=[{kind: first, calls: 50, status: 500}]"]),
        ("lasts", ["origin.faults=[{kind: first, calls: 50, status: 500}]"]),
        ("retried", ["path=[kv.read, kv.write, {hedge: {after: 20ms}}, origin]"]),
        ("calls_each", ["path=[kv.read, kv.write, {hedge: {after: 20ms}}, origin]"]),
        ("given_up", ["path=[{timeout: {after: 20ms}}, kv.read, kv.write, origin]"]),
        ("negative_caching", ["kv={negative_ttl: 30s, local_writes: cached}"]),
        ("saturated", ["traffic.arrivals[0].within=50ms"]),
        ("kept", [f"path=[kv.read, memory, {LATER}, origin]", "traffic.isolates=1"]),
        ("batched", [f"path=[kv.read, kv.write, {BATCH}, origin]"]),
        ("displaced", [f"path=[{DISPLACING}, origin]", "origin.body=90ms", SPARSE]),
        ("queued", [f"path=[kv.read, kv.write, {MUTEX}, origin]"]),
        ("everywhere", [f"path=[{UNLOCKED}, {GLOBAL}, origin]", LOCATIONS]),
        ("shared", [f"path=[cdn, {REGION}, origin]", LOCATIONS]),
        ("cdn", ["path=[{cdn: {max_entries: 1}}, origin]", KEYS]),
        (
            "bulkhead",
            [f"path=[kv.read, kv.write, {FIVE}, origin]", "traffic.isolates=1"],
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_it_says_why_it_may_be_off(reason: str, overrides: list[str]) -> None:
    """From the rows of its runs, and from what layers say of themselves."""
    assert reason in kinds(predicted(*overrides))


@pytest.mark.parametrize(
    ("path", "window_ms", "calls"),
    [
        ("[kv.read, kv.write, {fan_out: {calls: 4}}, origin]", 100, 4 * 101),
        ("[kv.read, kv.write, {fan_out: {calls: 2, at_once: 1}}, origin]", 160, 322),
        ("[{fan_out: {calls: 4}}, kv.read, kv.write, origin]", 100, 4 * 101),
        ("[{fan_out: {calls: 4, at_once: 1}}, kv.read, kv.write, origin]", 100, 101),
        ("[cdn, {fan_out: {calls: 4}}, origin]", 60, 4),
    ],
)
def test_calls_of_one_miss_are_counted(path: str, window_ms: int, calls: int) -> None:
    """One after the other they lengthen the window, if an answer needs all of them."""
    found = predicted(f"path={path}")

    assert round(1_000 * found.window_s) == window_ms
    assert found.predicted == pytest.approx(calls, rel=0.03)
    assert found.agrees


@pytest.mark.parametrize(
    ("predicted", "values", "agreement"),
    [
        (10, [10.0] * 10, "agrees"),
        (10, [9.0] * 10, "does not agree"),
        (10, [9.2] * 10, "agrees"),
        (1, [0.0] * 9 + [1.0], "does not agree"),
        (1.0, [1.0] * 10, "agrees"),
        (14, [14.0] * 9 + [900.0], "undecided"),
        (10, [10.0], "undecided"),
    ],
)
def test_it_agrees_only_where_runs_show_it(
    predicted: float, values: list[float], agreement: str
) -> None:
    """Within a tenth or the interval, and that narrower than a quarter of it."""
    assert agreement_of(predicted, estimate(values, unit="1")) == agreement


def test_all_that_is_warm_has_no_closed_form() -> None:
    """Nothing misses."""
    warm = a_scenario("kv.initial={keys: all, age: 0s}")

    assert closed_form(warm, seed=1) is None


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

    assert "negative_caching" not in kinds(found)
    assert found.agrees


def test_absence_hides_what_other_locations_put() -> None:
    """A reason for more calls, if there are more."""
    absent, plain = a_scenario("kv.negative_ttl=30s"), a_scenario()

    assert "reads absence for 30s on" in absent.path[0].more_calls
    assert not plain.path[0].more_calls


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


def test_requests_that_ask_no_cache_are_no_part_of_a_miss_window() -> None:
    """Half of a thousand a second are POSTs: 1 + 500/s x 100 ms miss, and no more."""
    burst = "{kind: burst, requests: 200, within: 200ms, bypass: 50%}"
    found = predicted(f"traffic.arrivals=[{burst}]")

    assert found.agrees
    assert 45 < found.predicted < 57
