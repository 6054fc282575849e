"""A real Redis, and applications that ask it, as the layers that carry them predict."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from simcoalesce.scenario.scenario import Scenario
from simcoalesce.validation.agreement import Line, agreement
from simcoalesce.validation.measure import measure_run
from simcoalesce.validation.target import CannotValidate
from simcoalesce.validation.targets.redis import Redis
from tests.testbed.conftest import no_test
from tests.testbed.processes import children_running, ended

FILE = Path(__file__).parent / "redis.yaml"

pytestmark = [pytest.mark.testbed, pytest.mark.usefixtures("server")]


@pytest.fixture(scope="session")
def server() -> Path:
    """Where redis-server is; without it the tests are skipped, but never in CI."""
    try:
        return Redis().found()
    except CannotValidate as missing:
        no_test(str(missing))


def lines_of(variant: str) -> dict[str, Line]:
    """Return how a run on Redis agrees with its prediction, by metric."""
    scenario = Scenario.load(FILE, variant, ["replications=2"])
    measured_run = measure_run(scenario, Redis(), scale=10)
    return {line.metric: line for line in agreement(scenario, measured_run)}


def test_a_lock_lets_one_of_four_pods_fetch() -> None:
    """Who waits is answered at its own poll; without a lock about 80 would call.

    A busy machine may let one come between the holder's SET and its release.
    """
    lines = lines_of("lock")

    assert lines["origin_hits"].predicted == 1
    assert lines["origin_hits"].measured in {1, 2}
    assert lines["followers"].measured == pytest.approx(76, abs=20)
    assert lines["latency_p99_s"].measured == pytest.approx(0.166, rel=0.2)


def test_a_lease_that_a_purge_voids_stores_no_old_answer() -> None:
    """The next one has a lease of its own, and calls."""
    lines = lines_of("purged-lease")

    assert lines["origin_hits"].measured == lines["origin_hits"].predicted == 2
    assert lines["followers"].measured == pytest.approx(104, abs=5)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_nothing_is_left_running(how: signal.Signals, server: Path) -> None:
    """Neither after Ctrl-C nor after a crash."""
    command = [sys.executable, "-m", "simcoalesce", "validate", f"{FILE}@naive"]
    with subprocess.Popen(  # noqa: S603 - ours
        [*command, "--against", "redis"], stderr=subprocess.DEVNULL
    ) as process:
        processes = children_running(process.pid, server)
        process.send_signal(how)

    assert ended(processes)
