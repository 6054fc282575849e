"""simcoalesce validate: predicted and observed agree, and nothing is left running."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from simcoalesce.cli import group
from simcoalesce.scenario.shipped import shipped
from simcoalesce.validation.workerd import Installation
from tests.testbed.processes import children_running, ended

pytestmark = [pytest.mark.testbed, pytest.mark.usefixtures("installed")]


def arguments(variant: str, *more: str) -> list[str]:
    """Return the command that validates one burst of 200 visitors."""
    file = f"{shipped('flash-sale-9pm')}@{variant}"
    less = ["-s", "duration=1s", "-s", "traffic.arrivals[0].requests=200"]
    scale = ["--time-scale", "20"]
    return ["validate", file, "--against", "workerd", *less, *scale, *more]


@pytest.mark.parametrize("variant", ["naive", "single-flight", "per-key"])
def test_the_prediction_of_origin_calls_holds(variant: str, tmp_path: Path) -> None:
    """On the runtime, with the isolates and objects of the scenario."""
    file = tmp_path / "observed.json"

    ran = CliRunner().invoke(group, arguments(variant, "-o", str(file)))

    lines = json.loads(file.read_text())["agreement"]
    verdicts = {line["metric"]: line["verdict"] for line in lines}
    assert verdicts["origin_hits"] == "agrees", ran.stdout
    assert verdicts["kv_writes"] == "agrees", ran.stdout


def test_charts_are_drawn_of_what_was_observed(tmp_path: Path) -> None:
    """The same charts, since the tables are the same."""
    folder = tmp_path / "charts"

    CliRunner().invoke(group, arguments("per-key", "-o", f"{folder}/"))

    assert [*folder.glob("*.svg")] != []


def test_nothing_is_left_running_after_an_interrupt(installed: Installation) -> None:
    """Ctrl-C stops the runtime, and the exit code says so."""
    command = [sys.executable, "-m", "simcoalesce", *arguments("naive")]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:  # noqa: S603 - ours
        runtime = children_running(process.pid, installed.binary)
        process.send_signal(signal.SIGINT)
        code = process.wait(timeout=20)

    assert code == 130
    assert ended(runtime)


def test_nothing_is_left_running_after_a_crash(installed: Installation) -> None:
    """The runtime ends with the process that watches over it."""
    command = [sys.executable, "-m", "simcoalesce", *arguments("naive")]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:  # noqa: S603 - ours
        runtime = children_running(process.pid, installed.binary)
        process.kill()

    assert ended(runtime)
