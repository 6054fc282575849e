"""Programs of the system that targets run."""

import shutil
import socket
import subprocess
from pathlib import Path
from typing import Final

from simcoalesce.validation.http import LOOPBACK
from simcoalesce.validation.target import CannotValidate

_SYSTEM_FOLDERS: Final = "/usr/local/sbin:/usr/sbin:/sbin"
"""Where servers are installed; not every user's PATH has them."""


def installed_program(program: str, target: str, package: str) -> Path:
    """Return where a program is installed.

    Args:
        program: Its name.
        target: Which target needs it.
        package: The Debian package that has it.

    Raises:
        CannotValidate: If it is not; with the command that installs it.
    """
    found = shutil.which(program) or shutil.which(program, path=_SYSTEM_FOLDERS)
    if found is None:
        raise CannotValidate(
            f"{target} is not installed; run: apt-get install {package}"
        )
    return Path(found)


def said_version(program: Path, asks: str, word: str) -> str:
    """Return the version that a program says after a word, if asked for it."""
    said = subprocess.run(  # noqa: S603 - a program of the system
        [program, asks], capture_output=True, text=True, check=True
    )
    after = (said.stdout + said.stderr).partition(word)[2]
    return after.split()[0].strip("/-,")


def free_port() -> int:
    """Return a port of loopback where nobody listens."""
    with socket.create_server((LOOPBACK, 0)) as free:
        return int(free.getsockname()[1])
