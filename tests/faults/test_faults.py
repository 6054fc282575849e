"""Whatever fails, and whenever a command is killed: nothing is half, nothing is lost.

Each operation of a command fails once, and the command is killed before and after each
of them; `pytest -m slow tests/faults` tries all, and a usual run some by a seed.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.claims import broken
from tests.faults.commands import COMMANDS
from tests.faults.trials import Trials
from tests.faults.warmed import Command, Warmed

SEED = 20_261_130

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/fd").exists(), reason="descriptors have no names here"
)
DRAWN = pytest.mark.parametrize(
    "command", [one for one in COMMANDS if one.drawn], ids=lambda one: one.name
)
EACH = pytest.mark.parametrize("command", COMMANDS, ids=lambda one: one.name)


@pytest.fixture(scope="module")
def warmed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warmed]:
    """Return a process that forks for each command."""
    with Warmed(tmp_path_factory.mktemp("faults")) as process:
        yield process


@DRAWN
def test_a_fault_that_is_drawn_breaks_no_claim(
    warmed: Warmed, tmp_path: Path, command: Command
) -> None:
    """Which of them is decided by a seed; see the claims for what holds."""
    trials = Trials(warmed, tmp_path, command)
    drawn = trials.some(command.drawn, SEED)

    assert [what for one in trials.tried(drawn) for what in broken(one)] == []


@pytest.mark.slow
@EACH
def test_no_fault_breaks_a_claim(
    warmed: Warmed, tmp_path: Path, command: Command
) -> None:
    """All faults of all operations, one at a time."""
    trials = Trials(warmed, tmp_path, command)
    every = trials.faults()
    found = [what for one in trials.tried(every) for what in broken(one)]

    assert found == []
