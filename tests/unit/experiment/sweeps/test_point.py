"""A worker simulates points, wherever it is moved."""

import pickle

from simcoalesce.experiment.sweeps.point import PointWorker
from tests.unit.experiment.builders import a_sale


def test_a_worker_that_has_done_something_can_be_moved() -> None:
    """A cluster hands it on when a worker dies, with the traffic that it has."""
    task = (0, ("kv.write_latency=20ms",))
    here = PointWorker(a_sale(), seed=3, replications=2, repeats=1)
    done = here.done(task)

    there = pickle.loads(pickle.dumps(here))  # noqa: S301 - our own bytes

    assert there.done(task) == done
