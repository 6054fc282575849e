"""Exit codes: a contract with scripts and CI."""

from collections.abc import Mapping
from typing import Final

OK: Final = 0
BUG: Final = 1
"""What should not be; not a word about the scenario."""
USAGE: Final = 2
"""The command line is wrong, or what it asks to write cannot be written."""
INVALID: Final = 3
"""The scenario is invalid, or a file that it names."""
EXPECTATION_FAILED: Final = 10
REGRESSION: Final = 11
"""A comparison found what --fail-if names."""
POINTS_FAILED: Final = 12
"""Some points of a sweep could not be simulated; the others were."""
UNDECIDED: Final = 13
"""The replications do not decide an expectation or a gate, nothing follows from them,
or a measured run says too little."""
INTERRUPTED: Final = 130

MEANINGS: Final[Mapping[int, str]] = {
    OK: "ok",
    BUG: "a bug in simcoalesce",
    USAGE: "the command line is wrong, or an output cannot be written",
    INVALID: "the scenario is invalid",
    EXPECTATION_FAILED: "an expectation failed",
    REGRESSION: "a comparison found what `--fail-if` names",
    POINTS_FAILED: "some points of a sweep failed; the others have their numbers",
    UNDECIDED: "the replications do not decide an expectation or a gate, or nothing"
    " follows from them",
    INTERRUPTED: "interrupted; what is complete is kept",
}
"""What each tells a script, in the order of their numbers."""
