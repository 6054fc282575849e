"""No text takes long to read, however it is made."""

import subprocess
import sys
from typing import Final

_PATIENCE_S: Final = 300
"""Some twenty times what it takes; a pattern that backtracks takes hours."""


def test_every_hostile_text_is_read_in_time_that_grows_with_its_length() -> None:
    """Values, conditions and lines of logs are given 100,000 signs that repeat."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.hostile_texts"],
        capture_output=True,
        text=True,
        timeout=_PATIENCE_S,
        check=False,
    )

    assert done.stderr == ""
    assert int(done.stdout) > 10_000
