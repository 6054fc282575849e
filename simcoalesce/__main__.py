"""The way in: ``simcoalesce`` and ``python -m simcoalesce``."""

import sys

from simcoalesce.cli import main

if __name__ == "__main__":
    sys.exit(main())
