"""The names that -o takes, and other options that write."""

import os
from pathlib import Path
from typing import Any

import click


def checked_out(_context: object, _parameter: object, written: Any) -> Any:
    """Return the names of files or folders to write: one option, or one repeated.

    Raises:
        BadParameter: If one is empty, or the root folder.
    """
    names = [written] if isinstance(written, str) else written or []
    for name in names:
        path = Path(os.path.realpath(name))
        if not name:
            raise click.BadParameter("the name is empty; write NAME, or FOLDER/")
        if path == path.parent:
            raise click.BadParameter(f"{name} is the root folder; write /FOLDER/")
    return written


def checked_files(context: object, parameter: object, written: Any) -> Any:
    """Return the names of files to write: one option, or one repeated.

    Raises:
        BadParameter: As for `checked_out`, or if one is the name of a folder.
    """
    checked_out(context, parameter, written)
    for name in [written] if isinstance(written, str) else written or []:
        if name.endswith(("/", os.sep)):
            raise click.BadParameter(f"{name} is a folder; write the name of a file")
    return written
