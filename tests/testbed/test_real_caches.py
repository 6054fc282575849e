"""Real caches: their own rules, as the layers that carry them predict."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from simcoalesce.scenario.scenario import Scenario
from simcoalesce.validation.agreement import Line, agreement
from simcoalesce.validation.measure import measure_run
from simcoalesce.validation.target import CannotValidate
from simcoalesce.validation.targets.nginx import Nginx
from tests.testbed.processes import children_running, ended

CACHES = Path(__file__).parent / "caches"

pytestmark = [pytest.mark.testbed, pytest.mark.usefixtures("nginx")]


@pytest.fixture(scope="session")
def nginx() -> Path:
    """Where nginx is; without it the tests are skipped, but never in CI."""
    try:
        return Nginx().found()
    except CannotValidate as missing:
        if os.environ.get("CI"):
            pytest.fail(str(missing))
        pytest.skip(str(missing))


def lines_of(variant: str) -> dict[str, Line]:
    """Return how a run on nginx agrees with its prediction, by metric."""
    scenario = Scenario.load(CACHES / "nginx.yaml", variant, ["replications=2"])
    measured_run = measure_run(scenario, Nginx(), scale=1)
    return {line.metric: line for line in agreement(scenario, measured_run)}


def test_a_cold_burst_costs_one_call_and_half_a_second() -> None:
    """Who finds the key locked looks again after 500 ms, and not before."""
    lines = lines_of("cold")

    assert lines["origin_hits"].measured == lines["origin_hits"].predicted == 1
    assert lines["latency_p90_s"].predicted == pytest.approx(0.5, rel=0.01)
    assert lines["latency_p90_s"].measured == pytest.approx(0.5, rel=0.2)


def test_a_failing_origin_gets_one_call_after_the_other() -> None:
    """Each failure opens the lock for one who waits."""
    lines = lines_of("failing")

    assert lines["origin_hits"].measured == lines["origin_hits"].predicted == 4
    assert lines["origin_peak_concurrency"].measured == 1
    assert lines["errors"].measured == lines["errors"].predicted == 3


def test_an_answer_is_fresh_to_the_end_of_its_last_second() -> None:
    """A ttl of 1 s is 2 s less what has passed of the second when it is stored."""
    lines = lines_of("expired-background")

    assert lines["origin_hits"].measured == lines["origin_hits"].predicted == 3


def test_nothing_is_stored_for_a_client_that_has_left() -> None:
    """The key is fetched again, unless nginx is told to ignore it."""
    stored, not_stored = lines_of("leader-leaves-ignored"), lines_of("leader-leaves")

    assert stored["origin_hits"].measured == stored["origin_hits"].predicted == 1
    assert (
        not_stored["origin_hits"].measured == not_stored["origin_hits"].predicted == 2
    )
    assert not_stored["errors"].measured == 1


def test_who_waits_may_take_the_lock_for_a_client_that_has_left() -> None:
    """One after the other, for the 5 s of its time-out; then it does not fetch."""
    lines = lines_of("all-leave")

    assert lines["origin_hits"].predicted == 10
    assert lines["origin_hits"].measured in (9, 10)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_nothing_is_left_running(how: signal.Signals, nginx: Path) -> None:
    """Neither after Ctrl-C nor after a crash; its workers are its own children."""
    file = f"{CACHES / 'nginx.yaml'}@slow"
    command = [sys.executable, "-m", "simcoalesce", "validate", file]
    with subprocess.Popen(  # noqa: S603 - ours
        [*command, "--against", "nginx"], stderr=subprocess.DEVNULL
    ) as process:
        processes = children_running(process.pid, nginx)
        process.send_signal(how)

    assert ended(processes)


def test_posts_are_calls_each_and_disturb_neither_lock_nor_store() -> None:
    """Beside the one call of all GETs, as the model says."""
    lines = lines_of("posts")
    # On a busy machine one more GET may come while the first one is under way.
    others = (lines["cache_hits"], lines["followers"])

    for name, expected in (("origin_hits", 33), ("leaders", 1)):
        assert lines[name].predicted == lines[name].measured == expected
    assert sum(line.predicted or 0 for line in others) == 67
    assert sum(line.measured or 0 for line in others) == 67
