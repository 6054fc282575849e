"""What all tests have in common: no terminal, whatever started them."""

import os

# pytest-xdist tells its workers the width of its own terminal.
os.environ.pop("COLUMNS", None)
