"""A workplace simulates points, wherever it is moved."""

import pickle

from simcoalesce.experiment.sweeps.cell import Work, Workplace
from tests.unit.experiment.builders import a_sale


def test_a_workplace_that_has_done_something_can_be_moved() -> None:
    """A cluster hands it on when a worker dies, with visitors made there before."""
    work = Work(0, ("kv.write_latency=20ms",), seed=3, replications=2, repeats=1)
    here = Workplace(a_sale())
    done = here.done(work)

    there = pickle.loads(pickle.dumps(here))  # noqa: S301 - our own bytes

    assert there.done(work) == done
