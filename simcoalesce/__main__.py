"""The way in: ``simcoalesce`` and ``python -m simcoalesce``."""

import gc
import sys
from typing import Final

from simcoalesce import cli
from simcoalesce.cli import streams

_NEW_OBJECTS: Final = 100_000
"""So many make the cyclic collector look: modules are as many, and all of them stay."""


def main() -> int:
    """Run the command line in a process that ends with it; return its exit code."""
    gc.set_threshold(_NEW_OBJECTS)
    streams.prepare()
    try:
        return cli.main()
    finally:
        # What is left goes with the process: nobody need look through it once more.
        gc.freeze()


if __name__ == "__main__":
    sys.exit(main())
