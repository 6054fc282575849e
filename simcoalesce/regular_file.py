"""Regular files: what is read is a file, never a pipe or a device that does not end."""

import os
from errno import EINVAL
from pathlib import Path
from stat import S_ISREG
from typing import BinaryIO, Final

_NO_FILE: Final = "it is a pipe or a device, not a file; write - to read from a pipe"


def opened(path: Path) -> BinaryIO:
    """Open a file to read its bytes, without waiting for anybody.

    Raises:
        OSError: If it cannot be read, or is no regular file.
    """
    # A pipe would wait for its writer; to a file the flag means nothing.
    number = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        _refuse_others(number)
        return open(number, "rb")  # noqa: PTH123 - it has a number, and no path
    except OSError:
        os.close(number)
        raise


def _refuse_others(number: int) -> None:
    if not S_ISREG(os.fstat(number).st_mode):
        os.read(number, 0)  # The system says itself what a folder is.
        raise OSError(EINVAL, _NO_FILE)
