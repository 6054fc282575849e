"""The tests run under every Python that is promised, where it is installed."""

import re
import subprocess

from tests.test_lock import PROJECT
from tests.vocabulary import ROOT

SCRIPT = ROOT / ".ci/versions"


def test_a_version_that_is_not_installed_is_skipped_with_a_word() -> None:
    """Nothing is made for it, and nothing has failed."""
    done = subprocess.run(  # noqa: S603 - our own script
        ["bash", str(SCRIPT), "3.0"],  # noqa: S607 - whichever bash CI finds
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0
    assert "skipped: Python 3.0 is not installed" in done.stdout


def test_the_oldest_version_that_is_run_is_the_oldest_that_is_promised() -> None:
    """And none is left out between it and the newest."""
    found = re.search(r"versions=\((3.*)\)", SCRIPT.read_text(encoding="utf-8"))
    assert found is not None
    minors = [int(version.removeprefix("3.")) for version in found[1].split()]

    assert PROJECT["project"]["requires-python"] == f">=3.{minors[0]}"
    assert minors == [*range(minors[0], minors[-1] + 1)]
