"""Executors: what is done when nobody else can do it."""

import logging

import pytest

from simcoalesce.experiment.sweeps import executor
from simcoalesce.experiment.sweeps.executor import in_processes
from simcoalesce.experiment.sweeps.point import PointWorker
from simcoalesce.processes import NotStartedError
from tests.unit.experiment.builders import a_sale


def test_this_process_does_what_no_other_can(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It was exit code 2 without the name of a file; a note says so."""

    def refused(*_: object) -> None:
        raise NotStartedError("no process can be started: no memory")

    monkeypatch.setattr(executor, "processes", refused)
    worker = PointWorker(a_sale(), seed=3, replications=1, repeats=1)
    tasks = [(0, ()), (1, ("kv.write_latency=0ms",))]
    with caplog.at_level(logging.WARNING):
        done = dict(in_processes(2)(worker, tasks))

    assert done == dict(map(worker.done, tasks))
    assert caplog.messages == [
        "no process can be started: no memory; this process does all points"
    ]
