"""A pipe in place of a file is refused, and not waited for."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command_line import ROOT

_PATIENCE_S = 60
COMMANDS = [
    ("run", "pipe.yaml"),
    ("show", "pipe.yaml"),
    ("explain", "pipe.yaml"),
    ("compare", "pipe.yaml", "sale.yaml"),
    ("report", "pipe.json", "-o", "page.html"),
    ("merge", "pipe.csv", "-o", "table.csv"),
    ("fit", "pipe.log"),
]


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda one: one[0])
def test_a_command_does_not_wait_for_a_pipe(
    sale: Path, arguments: tuple[str, ...]
) -> None:
    """Whoever reads one waits for who writes, and nobody does."""
    for name in ("pipe.yaml", "pipe.json", "pipe.csv", "pipe.log"):
        os.mkfifo(sale.parent / name)

    ran = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "simcoalesce", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=_PATIENCE_S,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )

    assert ran.returncode in {2, 3}
    assert "not a file" in ran.stderr
