"""simcoalesce validate: predicted and observed agree, and nothing is left running."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from simcoalesce.cli import group
from simcoalesce.scenario.shipped import shipped
from simcoalesce.validation.workerd import Installation

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
        runtime = waited_for(process.pid, installed)
        process.send_signal(signal.SIGINT)
        code = process.wait(timeout=20)

    assert code == 130
    assert not is_running(runtime)


def test_nothing_is_left_running_after_a_crash(installed: Installation) -> None:
    """The runtime ends with the process that watches over it."""
    command = [sys.executable, "-m", "simcoalesce", *arguments("naive")]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:  # noqa: S603 - ours
        runtime = waited_for(process.pid, installed)
        process.kill()

    deadline_s = time.monotonic() + 10
    while is_running(runtime) and time.monotonic() < deadline_s:
        time.sleep(0.1)
    assert not is_running(runtime)


def waited_for(parent: int, installed: Installation) -> int:
    """Return the process id of the runtime that a command has started."""
    deadline_s = time.monotonic() + 20
    while time.monotonic() < deadline_s:
        for child in descendants(parent):
            program = Path(f"/proc/{child}/exe")
            if program.exists() and program.samefile(installed.binary):
                return child
        time.sleep(0.05)
    raise AssertionError("the runtime does not start")


def descendants(parent: int) -> list[int]:
    """Return the children of a process, and theirs."""
    try:
        text = Path(f"/proc/{parent}/task/{parent}/children").read_text()
    except FileNotFoundError:
        return []
    children = [int(child) for child in text.split()]
    return [*children, *(d for child in children for d in descendants(child))]


def is_running(process: int) -> bool:
    """Say whether a process exists, and is no zombie."""
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"
