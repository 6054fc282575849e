"""Clusters: Dask gives the same bytes, and loses nothing with a worker."""

import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest

from simcoalesce.experiment.single_run import run_tally
from simcoalesce.experiment.sweeps.cluster import on_dask, tally_on_dask
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
