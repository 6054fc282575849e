"""The real runtime, where it is installed."""

from pathlib import Path

import pytest

from simcoalesce.validation.target import CannotValidate
from simcoalesce.validation.workerd import Installation, installation

TESTBED = Path(__file__).parents[2] / "testbed"


@pytest.fixture(scope="session")
def installed() -> Installation:
    """The runtime; without it the test is skipped, with the reason."""
    try:
        return installation(TESTBED)
    except CannotValidate as missing:
        pytest.skip(str(missing))
