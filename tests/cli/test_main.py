"""The entry: help, mistakes, and how the program ends when something breaks."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from simcoalesce import __version__
from simcoalesce.cli import group
from tests.cli.command_line import command, process, started

COMMANDS = group.list_commands(None)  # type: ignore[arg-type]
FULL = Path("/dev/full")


def test_version() -> None:
    """One line."""
    ran = command("--version")

    assert ran.code == 0
    assert ran.out.split() == ["simcoalesce,", "version", __version__]


@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help_names_every_command(flag: str) -> None:
    """With examples and exit codes."""
    ran = command(flag)

    assert ran.code == 0
    assert [name for name in COMMANDS if f"\n  {name} " not in ran.out] == []
    assert "Exit codes: 0 ok, 1 bug" in ran.out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str) -> None:
    """It begins with the usage and says what the command does."""
    ran = command(name, "--help")

    assert ran.code == 0
    assert ran.out.startswith(f"Usage: simcoalesce {name} ")


def test_a_mistyped_command_is_guessed() -> None:
    """Did you mean."""
    ran = command("rum")

    assert ran.code == 2
    assert 'Did you mean "run"?' in ran.err


def test_a_file_without_a_command_is_explained() -> None:
    """Who forgets the verb is told the whole line."""
    ran = command("sale.yaml@per-key")

    assert ran.code == 2
    assert 'write "simcoalesce run sale.yaml@per-key"' in ran.err


def test_no_command_shows_the_help() -> None:
    """Who knows nothing yet is shown what there is."""
    ran = command()

    assert ran.code == 2
    assert "Commands:" in ran.err + ran.out


def broken(*_: Any, **__: Any) -> None:
    """Fail as nothing should."""
    raise KeyError("no such thing")


@pytest.fixture
def _bug(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simcoalesce.cli.run.replicate", broken)


@pytest.mark.usefixtures("_bug")
def test_a_bug_is_told_in_two_lines(sale: Path) -> None:
    """What it is, where, and what to do; code 1 is for nothing else."""
    ran = command("run", sale, "-o", "result.json")

    assert ran.code == 1
    assert ran.out == ""
    assert len(ran.err.splitlines()) == 2
    assert f"bug in simcoalesce {__version__}: KeyError: 'no such thing'" in ran.err
    assert "(test_main.py:" in ran.err
    assert [path.name for path in sale.parent.iterdir()] == ["sale.yaml"]


@pytest.mark.usefixtures("_bug")
def test_the_traceback_of_a_bug_is_there_for_who_asks(
    sale: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The report names the variable that shows it."""
    monkeypatch.setenv("SIMCOALESCE_TRACEBACK", "1")

    assert "Traceback (most recent call last)" in command("run", sale).err


@pytest.mark.parametrize(
    ("error", "helps"),
    [
        (MemoryError(), "lower its rates or its duration"),
        (RuntimeError("can't start new thread"), "thread: raise the limit"),
    ],
)
def test_what_the_machine_has_not_is_no_bug(
    sale: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, helps: str
) -> None:
    """The scenario is too large for this machine, and the message says what helps."""

    def exhausted(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr("simcoalesce.cli.run.replicate", exhausted)

    ran = command("run", sale)

    assert ran.code == 3
    assert helps in ran.err


@pytest.mark.parametrize(
    "arguments", [["--help"], ["schema"], ["demo", "per-key"]], ids=str
)
def test_a_reader_that_leaves_is_no_failure(arguments: list[str]) -> None:
    """`simcoalesce ... | head -1` ends quietly, and with 0; in Python 3.13 too."""
    with started(*arguments) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.close()
        said = child.stderr.read()

    assert (child.returncode, said) == (0, "")


@pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("arguments", [["--help"], ["demo", "per-key"]], ids=str)
def test_a_stdout_that_is_full_is_told(arguments: list[str]) -> None:
    """A result that went nowhere is no success."""
    with FULL.open("w") as full, started(*arguments, stdout=full) as child:
        _, said = child.communicate(timeout=60)

    assert child.returncode == 2
    assert said == "Error: cannot write the output: No space left on device\n"


def test_only_what_the_command_needs_is_imported() -> None:
    """--help answers at once: nothing heavy is loaded for it."""
    program = (
        "import sys; from simcoalesce.cli import group;"
        " group.main(['--help'], standalone_mode=False);"
        " heavy = {'pandas', 'matplotlib', 'simpy', 'llvmlite'};"
        " print(sorted(heavy & set(sys.modules)))"
    )

    ran = _python(program)

    assert ran.splitlines()[-1] == "[]"


def test_the_text_of_a_run_needs_neither_pandas_nor_matplotlib(sale: Path) -> None:
    """The path of most runs stays quick."""
    program = (
        "import sys; from simcoalesce.cli import group;"
        f" group.main(['run', {str(sale)!r}], standalone_mode=False);"
        " print(sorted({'pandas', 'matplotlib'} & set(sys.modules)))"
    )

    ran = _python(program)

    assert ran.splitlines()[-1] == "[]"


def _python(program: str) -> str:
    ran = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return ran.stdout


def test_the_module_is_the_command() -> None:
    """The package can be run where no script is installed."""
    assert process("--version").out.split()[-1] == __version__
