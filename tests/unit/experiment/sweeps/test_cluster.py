"""Clusters: Dask gives the same bytes, and loses nothing with a worker."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simcoalesce.experiment.single_run import run_tally
from simcoalesce.experiment.sweeps.cluster import on_dask, scheduler, tally_on_dask
from simcoalesce.experiment.sweeps.executor import in_this_process
from simcoalesce.experiment.sweeps.point import PointWorker
from simcoalesce.experiment.sweeps.sweep import simulate_points, sweep_plan
from simcoalesce.experiment.sweeps.sweep_table import table_rows
from simcoalesce.metrics import measure
from simcoalesce.scenario.axis import Axis
from tests.unit.experiment.builders import a_sale

distributed = pytest.importorskip("distributed")

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]

AXIS = Axis.parse("kv.write_latency=0ms..290ms/30")
PLAN = sweep_plan(a_sale(), [AXIS], replications=2)


@pytest.fixture
def cluster() -> Iterator[Any]:
    """Return a cluster of two workers on this machine."""
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
    with distributed.LocalCluster(**options) as found:
        yield found


def test_a_cluster_gives_the_same_bytes(cluster: Any) -> None:
    """Whoever did what, and in whatever order."""
    there = simulate_points(
        PLAN, execute=on_dask(cluster.scheduler_address, jobs=2), jobs=2
    )

    assert table_rows(there) == table_rows(simulate_points(PLAN))


def test_a_run_whose_keys_are_spread_counts_the_same(cluster: Any) -> None:
    """Three parts on two workers, joined."""
    many = a_sale(
        None, "origin.rate_limit=unlimited", "traffic.keys={kind: zipf, s: 1, n: 20}"
    )
    tally = tally_on_dask(cluster.scheduler_address, jobs=2, shards=3)
    whole = run_tally(many, seed=4)

    spread = tally(many, seed=4, repeats=1)

    assert (measure(spread), spread.usage) == (measure(whole), whole.usage)


@pytest.fixture
def scheduler_process(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Return a scheduler in a process of its own, with a worker, and its address."""
    file = str(tmp_path / "scheduler.json")
    program = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--no-dashboard"]
    local = ["--port", "0", "--host", "127.0.0.1", "--scheduler-file", file]
    scheduler = subprocess.Popen([*program, *local])  # noqa: S603 - our own
    program = [sys.executable, "-m", "distributed.cli.dask_worker", "--no-dashboard"]
    worker = subprocess.Popen([*program, "--scheduler-file", file, "--nthreads", "1"])  # noqa: S603 - our own
    with distributed.Client(scheduler_file=file, set_as_default=False) as client:
        client.wait_for_workers(1)
        address = client.scheduler.address
    yield scheduler, address.removeprefix("tcp://")
    for process in (scheduler, worker):
        process.kill()
        process.wait()


def test_a_scheduler_that_dies_fails_what_it_had_not_done(
    scheduler_process: tuple[subprocess.Popen[bytes], str],
) -> None:
    """What was done before is kept, and nothing is raised."""
    scheduler, address = scheduler_process
    tasks = [(n, PLAN.overrides(point)) for n, point in enumerate(PLAN.points)]
    own = PointWorker(PLAN.scenario, seed=3, replications=40, repeats=1)
    coming = on_dask(address, jobs=1)(own, tasks)
    first = next(coming)
    scheduler.kill()

    found = dict([first, *coming])

    assert found.keys() == dict(tasks).keys()
    assert not first[1].failure
    gone = [one.failure for one in found.values() if one.failure]
    assert set(gone) == {
        f"the Dask scheduler at {address} is gone; start it, and go on"
    }


def test_encrypted_connections_need_certificates() -> None:
    """The message says which, and where Dask looks for them."""
    worker = PointWorker(PLAN.scenario, seed=3, replications=1, repeats=1)

    with pytest.raises(ValueError, match="COMM__TLS__CA_FILE"):
        next(on_dask("tls://127.0.0.1:1", jobs=1)(worker, [(0, ())]))


def test_the_address_of_an_encrypted_scheduler_is_dasks_own() -> None:
    """Both schemes of `--on` name a host and a port."""
    assert scheduler("dask+tls://a:8786") == "tls://a:8786"
    assert scheduler("dask://a:8786") == "a:8786"


def test_a_worker_that_dies_takes_nothing_with_it(cluster: Any) -> None:
    """Not even if both die, one after the other, while they work."""
    tasks = [(n, PLAN.overrides(point)) for n, point in enumerate(PLAN.points)]
    own = PointWorker(PLAN.scenario, seed=3, replications=40, repeats=1)
    coming = on_dask(cluster.scheduler_address, jobs=2)(own, tasks)
    found = [next(coming)]
    for worker in (*cluster.workers.values(),):
        os.kill(worker.process.pid, signal.SIGKILL)
        found.append(next(coming))

    found += coming

    assert dict(found) == dict(in_this_process(own, tasks))
