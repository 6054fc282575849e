"""Gates of an object, as the real runtime has them: each variant is a claim."""

from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner

from simcoalesce.cli import group
from simcoalesce.cli.exits import EXPECTATION_FAILED, UNDECIDED

pytestmark = [pytest.mark.testbed, pytest.mark.usefixtures("installed")]

FILE: Final = Path(__file__).with_name("objects.yaml")


@pytest.mark.parametrize(
    "variant",
    [
        "input-gate-failing",
        "mutex-fetch",
        "mutex-rpc",
        "mutex-throws-some",
        "mutex-resets",
        "mutex-resets-once",
        "storage-before",
        "storage-after",
        "storage-after-under-mutex",
    ],
)
def test_the_prediction_of_a_gate_agrees(variant: str) -> None:
    """On every line; a machine that halts gets a second run before it counts."""
    real = ["--against", "workerd", "--time-scale", "5"]
    command = ["validate", f"{FILE}@{variant}", *real]
    ran = CliRunner().invoke(group, command)
    if ran.exit_code in {EXPECTATION_FAILED, UNDECIDED}:
        ran = CliRunner().invoke(group, command)

    assert ran.exit_code == 0, ran.output
