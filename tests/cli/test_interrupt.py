"""Ctrl-C: what is complete is told, nothing is left half-written, no traceback."""

import json
import signal
from pathlib import Path
from subprocess import Popen
from time import monotonic, sleep
from typing import Any

import pytest

from simcoalesce.cli.progress import Progress
from tests.cli.command_line import Ran, command, started

ENDLESS = ["--reps", "100000", "-s", "engine=simpy"]
LONG = [
    "-q",
    "-s",
    "engine=simpy",
    "-s",
    "traffic.arrivals=[{kind: rate, rate: 1M/s}]",
    "-s",
    "duration=1m",
]


def interrupted(child: Popen[str], *, after_s: float) -> Ran:
    """Return what a command did that got Ctrl-C after a while."""
    with child:
        sleep(after_s)
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=60)
    return Ran(child.returncode, out, err)


def test_ctrl_c_tells_what_is_complete(sale: Path) -> None:
    """The runs so far are a result, and it says of itself that it is not whole."""
    ran = interrupted(started("run", sale, "--json", *ENDLESS), after_s=3)
    document = json.loads(ran.out)

    assert (ran.code, ran.err) == (130, "")
    assert document["complete"] is False
    assert 1 <= document["run"]["replications"] < 100_000


def test_ctrl_c_in_the_first_run_says_so(sale: Path) -> None:
    """There is nothing to tell yet: no result, no file, no traceback; soon."""
    child = started("run", sale, *LONG, "-o", "result.json")
    began_s = monotonic()

    ran = interrupted(child, after_s=2)

    assert (ran.code, ran.out) == (130, "")
    assert ran.err.split() == ["Interrupted."]
    assert [path.name for path in sale.parent.iterdir()] == ["sale.yaml"]
    assert monotonic() - began_s < 10


@pytest.fixture
def _stopped_after_two(monkeypatch: pytest.MonkeyPatch) -> None:
    said = Progress.__call__

    def interrupt(self: Progress, done: int, of: int) -> None:
        said(self, done, of)
        if done == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(Progress, "__call__", interrupt)


@pytest.mark.usefixtures("_stopped_after_two")
def test_the_summary_of_an_interrupted_run_says_what_it_rests_on(sale: Path) -> None:
    """Two of three runs."""
    ran = command("run", sale)

    assert ran.code == 130
    assert "interrupted: what follows from the 2 runs that were complete" in ran.out


@pytest.mark.usefixtures("_stopped_after_two")
def test_the_files_of_an_interrupted_run_are_written(sale: Path) -> None:
    """What is complete is kept, and marked."""
    command("run", sale, "-q", "-o", "result.json", "-o", "requests.csv")
    document: dict[str, Any] = json.loads(Path("result.json").read_text())

    assert document["complete"] is False
    assert document["run"]["replications"] == 2
    assert len(Path("requests.csv").read_text().splitlines()) == 41
