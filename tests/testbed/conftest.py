"""The real runtime, where it is installed."""

import os
from pathlib import Path
from typing import NoReturn

import pytest

from simcoalesce.validation.target import CannotValidate
from simcoalesce.validation.workerd_runtime import Installation, installation

TESTBED = Path(__file__).parents[2] / "testbed"


@pytest.fixture(scope="session")
def installed() -> Installation:
    """The runtime; where it is not, there is no test."""
    try:
        return installation(TESTBED)
    except CannotValidate as missing:
        no_test(str(missing))


def no_test(missing: str) -> NoReturn:
    """Skip a test for want of a program, with the reason; in CI it fails."""
    if os.environ.get("CI"):
        pytest.fail(f"{missing} (CI skips nothing)")
    pytest.skip(missing)
