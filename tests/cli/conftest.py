"""A small sale in a folder of its own."""

from pathlib import Path

import pytest

from tests.cli.command_line import SALE


@pytest.fixture
def sale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a scenario file; its folder is the current one."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "sale.yaml"
    file.write_text(SALE)
    return file
