"""Exit codes: a contract with scripts and CI."""

from typing import Final

OK: Final = 0
USAGE: Final = 2
"""The command line is wrong, or what it asks to write cannot be written."""
INVALID: Final = 3
"""The scenario is invalid, or a file that it names."""
EXPECTATION_FAILED: Final = 10
UNDECIDED: Final = 13
"""The replications do not decide an expectation."""
INTERRUPTED: Final = 130
