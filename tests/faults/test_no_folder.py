"""Where neither a home nor a folder for temporary files can be written."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command_line import ROOT, SALE

MEMORY = Path("/dev/shm")  # noqa: S108 - what is looked at
WHERE = ("MPLCONFIGDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")
NO_FOLDER = """
import sys, tempfile
tempfile._candidate_tempdir_list = lambda: ["/nowhere"]
from simcoalesce.__main__ import main
sys.exit(main())
"""


@pytest.mark.skipif(not os.access(MEMORY, os.W_OK), reason="memory is no folder here")
def test_pictures_go_into_memory_what_is_theirs(tmp_path: Path) -> None:
    """They were exit code 2; root may write everywhere, so the home is a file."""
    sale, home = tmp_path / "sale.yaml", tmp_path / "home"
    sale.write_text(SALE)
    home.touch()
    before = {path.name for path in MEMORY.glob("matplotlib-*")}
    kept = {k: v for k, v in os.environ.items() if k not in WHERE}
    ran = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", NO_FOLDER, "run", sale, "-q", "-o", "page.html"],
        cwd=tmp_path,
        env=kept | {"HOME": str(home), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )

    assert ran.returncode == 0
    assert (tmp_path / "page.html").read_text().count("<svg") > 1
    assert {path.name for path in MEMORY.glob("matplotlib-*")} <= before
