"""A run to be exported."""

import pytest

from simcoalesce.experiment.run import run
from simcoalesce.outcomes import Outcomes
from tests.unit.experiment.builders import a_sale


@pytest.fixture(scope="package")
def outcomes() -> Outcomes:
    """Return a run with leaders, followers and hits."""
    return run(a_sale("per-key"), seed=5)
