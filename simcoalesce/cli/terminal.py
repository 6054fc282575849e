"""The terminal: how wide it is."""

import os
import shutil
import sys
from typing import Final

_NARROWEST: Final = 60
_WIDEST: Final = 200


def terminal_width(usual: int) -> int:
    """Return how many columns to use: those of the terminal, from 60 to 200.

    Args:
        usual: How many where stdout is no terminal and COLUMNS does not say it.
    """
    if not (sys.stdout.isatty() or os.environ.get("COLUMNS")):
        return usual
    columns = shutil.get_terminal_size((usual, 24)).columns
    return min(max(columns, _NARROWEST), _WIDEST)
