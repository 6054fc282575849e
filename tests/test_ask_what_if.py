"""The page on what-if says what happens: its commands are run."""

import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command_line import command

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/how_to/ask_what_if.md").read_text(encoding="utf-8")
BLOCKS = re.findall(
    r"^```console\n\$ simcoalesce (.*)\n((?:.*\n)*?)```$", PAGE, re.MULTILINE
)
RUN = [block for block in BLOCKS if not block[0].startswith("serve ")]
SERVED = [block for block in BLOCKS if block[0].startswith("serve ")]


def shows(out: str, expected: str) -> bool:
    """Whether an output is as expected, where dots stand for anything."""
    pattern = re.escape(expected.strip()).replace(re.escape("..."), ".*")
    return re.fullmatch(pattern, out.strip(), re.DOTALL) is not None


def served(arguments: str, lines: int) -> str:
    """Return the first lines that a server prints, and end it."""
    argv = [sys.executable, "-m", "simcoalesce", *shlex.split(arguments)]
    with subprocess.Popen(  # noqa: S603 - our own page
        argv, cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        told = "".join(process.stdout.readline() for _ in range(lines))
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0
    return told


def test_the_page_has_commands_of_both_kinds() -> None:
    """Else the others would test nothing."""
    assert (len(SERVED), len(RUN)) == (2, 1)


@pytest.mark.parametrize(("arguments", "expected"), SERVED)
def test_a_server_prints_its_address(arguments: str, expected: str) -> None:
    """On a free port of this machine; Ctrl-C ends it well."""
    out = served(arguments, lines=expected.count("\n"))

    assert shows(out, expected), out


@pytest.mark.parametrize(("arguments", "expected"), RUN)
def test_a_command_prints_what_the_page_shows(
    arguments: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a page shows is what the command line says."""
    monkeypatch.chdir(ROOT)

    out = command(*shlex.split(arguments)).out

    assert shows(out, expected), out
