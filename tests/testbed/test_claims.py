"""What the incident's story claims of the runtime, settled on the runtime."""

from collections.abc import Callable

import numpy as np
import pytest

from simcoalesce.outcomes import Outcomes
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.validation.measure import measure_run
from simcoalesce.validation.targets.workerd import Workerd

pytestmark = [pytest.mark.testbed, pytest.mark.usefixtures("installed")]

Run = Callable[..., Outcomes]

TWO_PRODUCTS = """
traffic:
  arrivals:
    - {kind: burst, requests: 2, within: 20ms, shape: even, keys: {kind: one, key: A}}
    - {kind: burst, requests: 10, within: 100ms, at: 50ms, keys: {kind: one, key: B}}
origin: {latency: 20ms, latency_of: {A: 600ms}}
durable_object: {id_from: global}
path: [durable_object, origin]
variants:
  mutex: {durable_object: {gate: block_concurrency}}
  storage: {durable_object: {storage_time: 5ms}}
"""
ONE_FAILURE = """
duration: 2s
traffic: {arrivals: [{kind: even, every_request: 50ms, requests: 40}], isolates: 1}
origin: {latency: 120ms, faults: [{kind: first, calls: 1, status: 500}]}
path: [durable_object, origin]
variants:
  isolate: {path: [single_flight, origin]}
"""
SECOND_WAVE = """
traffic:
  arrivals: [{kind: burst, requests: 100, within: 400ms, shape: even}]
kv: {read_latency: 2ms, write_latency: 200ms, writes_per_key: unlimited}
origin: {latency: 80ms}
path: [kv.read, durable_object, kv.write, origin]
variants:
  recheck: {path: [kv.read, durable_object, kv.read, kv.write, origin]}
  background:
    path: [kv.read, durable_object, {kv.write: {acknowledge: background}}, origin]
"""
TRAFFIC = """
traffic:
  arrivals: [{kind: burst, requests: 40, within: 150ms, shape: even}]
origin: {latency: 50ms}
durable_object: {storage_time: 10ms}
path: [durable_object, origin]
"""


@pytest.fixture
def run() -> Run:
    """Run a scenario's text, or a variant of it, at its own speed."""

    def observed(text: str, variant: str | None = None, *changes: str) -> Outcomes:
        scenario = Scenario.parse(text, variant=variant, overrides=changes)
        return measure_run(scenario, Workerd(), scale=1).outcomes

    return observed


def longest_of_b_s(outcomes: Outcomes) -> float:
    """Return the longest latency of product B."""
    latency_ns = outcomes.request_rows.latency_ns[outcomes.request_rows.key == 1]
    return float(latency_ns.max()) / 1e9


def calls(outcomes: Outcomes) -> int:
    """Return how many calls the origin received."""
    return len(outcomes.origin_rows.status)


def test_a_global_object_does_not_hold_up_the_other_product(run: Run) -> None:
    """While A's fetch is awaited the input gate is open."""
    assert longest_of_b_s(run(TWO_PRODUCTS)) < 0.3


def test_an_object_that_awaits_its_storage_does_not_hold_up_the_other_product(
    run: Run,
) -> None:
    """The input gate is shut for 5 ms for each request, and open for A's fetch."""
    assert longest_of_b_s(run(TWO_PRODUCTS, "storage")) < 0.3


def test_while_storage_is_awaited_nobody_is_let_in(run: Run) -> None:
    """Ten requests of B that come at once are let in 5 ms apart, one after another."""
    at_once = "traffic.arrivals[1].within=1ms"
    rows = run(TWO_PRODUCTS, "storage", at_once).request_rows

    assert longest_of_b_s(run(TWO_PRODUCTS, None, at_once)) < 0.05
    assert rows.latency_ns[rows.key == 1].max() >= 10 * 5_000_000


def test_while_storage_is_awaited_no_answer_comes_back(run: Run) -> None:
    """It is let in behind all who came before, head and body: after all 40 turns."""
    outcomes = run(TRAFFIC)

    assert calls(outcomes) == 1
    assert outcomes.request_rows.completed_at_ns.min() >= 40 * 10_000_000


def test_under_block_concurrency_the_other_product_waits(run: Run) -> None:
    """B does not even start before A is done."""
    assert longest_of_b_s(run(TWO_PRODUCTS, "mutex")) > 0.6


def test_under_block_concurrency_answers_wait_for_the_queue(run: Run) -> None:
    """The first answer leaves the object only once nobody waits for it any more."""
    rows = run(TWO_PRODUCTS, "mutex").request_rows

    spread_ns = np.ptp(rows.completed_at_ns)
    assert spread_ns < 0.2 * rows.completed_at_ns.max()


def test_results_of_rpc_leave_a_mutex_at_once(run: Run) -> None:
    """The first is out long before the last is fetched."""
    rows = run(TWO_PRODUCTS, "mutex", "durable_object.called_by=rpc").request_rows

    assert rows.completed_at_ns.min() < 0.6 * rows.completed_at_ns.max()


def test_what_is_thrown_under_a_mutex_fails_all_who_wait(run: Run) -> None:
    """One call fails, the object is reset, and whoever waits gets 500."""
    rules = ["gate=block_concurrency", "on_error=resets"]
    changes = [f"durable_object.{rule}" for rule in rules]
    outcomes = run(ONE_FAILURE, None, *changes)

    first = outcomes.request_rows.completed_at_ns.argmin()
    assert outcomes.request_rows.status[first] == 500
    assert int((outcomes.request_rows.status == 500).sum()) >= 2
    assert int((outcomes.origin_rows.status >= 500).sum()) == 1


@pytest.mark.parametrize(
    ("cleanup", "fewest_errors", "most_errors", "fewest_calls", "most_calls"),
    [
        ("finally", 1, 6, 12, 20),
        ("on_success", 40, 40, 1, 1),
        ("on_failure", 1, 6, 2, 2),
        ("never", 40, 40, 1, 1),
    ],
)
def test_a_clean_up_decides_what_stays(
    run: Run,
    cleanup: str,
    fewest_errors: int,
    most_errors: int,
    fewest_calls: int,
    most_calls: int,
) -> None:
    """`then` alone keeps the failure, `catch` alone keeps the first success."""
    outcomes = run(ONE_FAILURE, None, f"durable_object.cleanup={cleanup}")

    errors = int((outcomes.request_rows.status >= 400).sum())
    assert fewest_errors <= errors <= most_errors
    assert fewest_calls <= calls(outcomes) <= most_calls


def test_a_text_can_be_shared_within_an_isolate(run: Run) -> None:
    """Followers of another request's fetch get its content, or its failure."""
    outcomes = run(ONE_FAILURE, "isolate")

    statuses = set(outcomes.request_rows.status.tolist())
    assert statuses == {200, 500}
    assert 12 <= calls(outcomes) <= 20


def test_an_awaited_write_and_a_second_look_leave_no_gap(run: Run) -> None:
    """The flight ends when KV shows the value, and who comes later sees it."""
    assert calls(run(SECOND_WAVE, "recheck")) == 1


def test_a_background_write_lets_a_second_wave_through(run: Run) -> None:
    """The flight ends 120 ms before KV shows anything: time for one or two more."""
    assert 2 <= calls(run(SECOND_WAVE, "background")) <= 4
