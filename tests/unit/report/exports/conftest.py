"""A result to be exported."""

import pytest

from simcoalesce.experiment.replicate import replicate
from simcoalesce.experiment.result import Result
from tests.unit.experiment.builders import a_sale


@pytest.fixture(scope="package")
def result() -> Result:
    """Return a run with leaders, followers and hits."""
    return replicate(a_sale("per-key"), seed=5, replications=1)
