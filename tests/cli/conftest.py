"""A small sale in a folder of its own."""

import signal
from pathlib import Path

import pytest

from tests.cli.command_line import SALE

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell lets what it starts in the background ignore Ctrl-C, and a command that is
    # started by the tests would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def sale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a scenario file; its folder is the current one."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "sale.yaml"
    file.write_text(SALE)
    return file
