"""How a picture becomes a figure, a file, or a part of a page.

matplotlib wants a folder for its list of fonts as soon as it is imported. Where neither
the home nor a folder for temporary files can be written, it gets one in memory.
"""

import os
from atexit import register
from contextlib import suppress
from shutil import rmtree
from tempfile import gettempdir, mkdtemp
from typing import Final

_MEMORY: Final = "/dev/shm"  # noqa: S108 - a new folder in it, with a name of its own


def _settle_matplotlib() -> None:
    try:
        gettempdir()
    except OSError:
        with suppress(OSError):
            folder = mkdtemp(prefix="matplotlib-", dir=_MEMORY)
            register(rmtree, folder, ignore_errors=True)
            os.environ["MPLCONFIGDIR"] = folder


if "MPLCONFIGDIR" not in os.environ:
    _settle_matplotlib()
