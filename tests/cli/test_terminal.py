"""The width of a terminal: it is used from 60 columns on, and nothing is cut."""

from pathlib import Path

import pytest

from tests.cli.command_line import command

LONG = "[{that: origin_hits <= 1, level: warn, because: this text takes long to read}]"


def arguments(name: str, sale: Path) -> list[str]:
    """Return a command with much to say."""
    return {
        "run": ["run", f"{sale}", "-s", f"expect={LONG}"],
        "compare": ["compare", f"{sale}", "@hopeless"],
        "explain": ["explain", f"{sale}", "--reps", "5"],
        "solve": [
            *("solve", f"{sale}", "--for", "origin_hits <= 1"),
            *("--vary", "kv.write_latency=0ms..80ms"),
        ],
    }[name]


@pytest.mark.parametrize("columns", [60, 80, 200])
@pytest.mark.parametrize("name", ["run", "compare", "explain", "solve"])
def test_no_line_is_longer_than_the_terminal_and_none_is_cut(
    name: str, columns: int, sale: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But for the command that makes it again, which is to be copied."""
    monkeypatch.setenv("COLUMNS", str(columns))

    lines = command(*arguments(name, sale)).out.splitlines()

    told = [line for line in lines if not line.startswith("Reproduce: ")]
    assert max(map(len, told)) <= columns
    assert not [line for line in told if line.endswith("…")]


def test_a_narrower_terminal_gets_sixty_columns(
    sale: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Below that, tables are no tables any more."""
    monkeypatch.setenv("COLUMNS", "20")

    lines = command("run", sale).out.splitlines()

    assert 20 < max(map(len, lines)) <= 60
