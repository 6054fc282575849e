"""What is printed arrives as a whole, or the command fails; whatever streams it has."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from simcoalesce.cli.streams import shown
from tests.cli.command_line import ROOT, Ran, process, started

FULL = Path("/dev/full")
UNBUFFERED = pytest.mark.parametrize("unbuffered", ["", "1"])


def redirected(shell: str, *arguments: object, unbuffered: str = "") -> Ran:
    """Run the command line as a shell does: ``"$@"`` in it is the command."""
    command = [sys.executable, "-m", "simcoalesce", *map(str, arguments)]
    found = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": unbuffered}
    ran = subprocess.run(  # noqa: S603 - our own command
        ["/bin/sh", "-c", shell, "sh", *command],
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
        env=found,
    )
    return Ran(ran.returncode, ran.stdout, ran.stderr)


@UNBUFFERED
def test_a_document_that_is_cut_is_no_success(sale: Path, unbuffered: str) -> None:
    """The disk takes the first 1,024 or 4,096 bytes of it, by the shell's blocks."""
    cut = 'ulimit -f 8; exec "$@" > cut.json'
    ran = redirected(cut, "run", sale, "--json", unbuffered=unbuffered)

    assert 0 < Path("cut.json").stat().st_size < 10_000
    assert ran.code == 2
    assert ran.err == "Error: cannot write the output: File too large\n"


def test_a_pipe_that_does_not_block_gets_all_of_a_document() -> None:
    """Node makes such pipes; the schema is longer than what one holds."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    with started("schema", stdout=writer) as child, os.fdopen(reader, "rb") as pipe:
        os.close(writer)
        document = json.loads(pipe.read())
        child.wait(timeout=60)

    assert child.returncode == 0
    assert "$schema" in document


@UNBUFFERED
def test_a_closed_stdout_is_no_success(sale: Path, unbuffered: str) -> None:
    """Unless nothing is to be printed; files are written all the same."""
    told = redirected('exec "$@" >&-', "run", sale, unbuffered=unbuffered)
    quiet = redirected(
        'exec "$@" >&-', "run", sale, "-q", "-o", "a.json", unbuffered=unbuffered
    )

    assert told.code == 2
    assert told.err == "Error: cannot write the output: Bad file descriptor\n"
    assert (quiet.code, quiet.err) == (0, "")
    assert json.loads(Path("a.json").read_bytes())["complete"]


@UNBUFFERED
@pytest.mark.parametrize("shell", ['exec "$@" 2>&-', 'exec "$@" 2> /dev/full'])
def test_a_stderr_that_takes_nothing_changes_no_exit_code(
    sale: Path, shell: str, unbuffered: str
) -> None:
    """It is said to nobody that the second file is not there."""
    if "/dev/full" in shell and not FULL.exists():
        pytest.skip("there is no /dev/full here")
    good = redirected(shell, "run", sale, "--json", unbuffered=unbuffered)
    wrong = redirected(shell, "run", "nowhere.yaml", unbuffered=unbuffered)

    assert (good.code, wrong.code) == (0, 3)
    assert good.out == process("run", sale, "--json").out


def test_without_any_stream_a_sweep_has_processes_and_files(sale: Path) -> None:
    """No file of its own gets the number of a closed one."""
    points = ["-P", "kv.write_latency=0ms,80ms", "-j", "2", "-o", "table.csv"]
    ran = redirected('exec "$@" <&- >&- 2>&-', "sweep", sale, *points)
    process("sweep", sale, *points[:4], "--no-cache", "-o", "same.csv")

    assert ran.code == 2
    assert Path("table.csv").read_bytes() == Path("same.csv").read_bytes()


def test_a_closed_stdin_is_empty() -> None:
    """As if nothing had been piped into it."""
    ran = redirected('exec "$@" <&-', "run", "-")

    assert ran.code == 3
    assert "stdin  it is empty" in ran.err


def test_a_document_is_utf_8_whatever_the_locale(sale: Path) -> None:
    """Text for people has what the locale can show."""
    sale.write_text(sale.read_text().replace("A small sale", "Ein Ausverkauf für ☕"))
    with started("run", sale, "--json", PYTHONIOENCODING="latin-1") as child:
        out, err = child.communicate(timeout=60)
    text = process("run", sale, PYTHONIOENCODING="ascii")

    assert (child.returncode, err) == (0, "")
    assert "für ☕" in json.loads(out)["scenario"]["title"]
    assert text.code == 0


def test_a_terminal_is_told_no_commands(sale: Path) -> None:
    """What a stranger wrote is shown, not obeyed; also on a stderr that is a file."""
    title = r'"\e]0;A small sale\a"'
    sale.write_text(sale.read_text().replace("A small sale", title))
    ours, theirs = pty.openpty()
    with started("run", sale, "--reps", "1", stdout=theirs):
        out = os.read(ours, 100).decode()
        os.close(theirs)
    os.close(ours)
    wrong = process("run", "\x1b[2J.yaml")

    assert r"\x1b]0;A small sale\x07" in out
    assert r"\x1b[2J.yaml" in wrong.err


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("a\tb\nc", "a\tb\nc"),
        ("\x1b[1;31mred\x1b[0m", "\x1b[1;31mred\x1b[0m"),
        ("\r  1 of 2\x1b[K", "\r  1 of 2\x1b[K"),
        ("a\rb", r"a\rb"),
        ("\x1b]0;title\x07", r"\x1b]0;title\x07"),
        ("\x1b[2J", r"\x1b[2J"),
        ("gpj.\u202eexe", r"gpj.\u202eexe"),
        ("für ☕ 1\u202f000", "für ☕ 1\u202f000"),
    ],
)
def test_only_colours_and_the_line_of_progress_are_commands(
    text: str, seen: str
) -> None:
    """All else that no one can see is written out."""
    assert shown(text) == seen


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("run", []),
        ("compare", ["@per-key"]),
        ("sweep", ["-P", "kv.write_latency=0ms,80ms", "--no-cache", "-j", "1"]),
    ],
)
def test_a_latin_1_terminal_gets_text(sale: Path, name: str, more: list[str]) -> None:
    """In signs that it has, in the same columns, and no escape sequences."""
    shell = 'PYTHONIOENCODING=latin-1 "$@" | iconv -f latin1 -t utf8'
    ran = redirected(shell, name, sale, *more)
    plain = process(name, sale, *more)

    assert "Error" not in ran.err
    assert "\\u" not in ran.out
    assert [*map(len, ran.out.splitlines())] == [*map(len, plain.out.splitlines())]


def test_a_sign_has_another_of_its_width() -> None:
    """Bars, ticks and arrows; what nothing stands for is written out."""
    shown_as = "▁█ ✓✗ → − 漢".encode("latin-1", "simcoalesce.plain")

    assert shown_as == b".@ vx > - \\u6f22"
