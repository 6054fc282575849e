"""A cache in a private folder: never needed, and as good as none when it is damaged."""

import os
import stat
from hashlib import blake2b
from logging import getLogger
from pathlib import Path
from typing import Final

from simcoalesce.whole_file import whole_file

_DIGEST_CHARACTERS: Final = 64
_OTHERS_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH

_log: Final = getLogger(__name__)


class CheckedCache:
    """Contents in files, each behind a digest of its key and of itself.

    Only this user reads and writes the folder. A file that is damaged, or that
    something else has written, is as good as none. Where nothing can be kept, that is
    said once, and all goes on. Nothing is locked, so nothing is left locked.
    """

    def __init__(self, folder: Path | None, *, without: str) -> None:
        """Use a folder.

        Args:
            folder: Where the files are; None keeps nothing.
            without: What to write so that no cache is used, e.g. ``--no-cache``.
        """
        self._folder = folder
        self._without = without
        self._is_writable = True

    def get(self, key: str) -> bytes | None:
        """Return what was kept under a key; None if nothing whole was."""
        folder = self._private()
        if folder is None:
            return None
        try:
            kept = _file(folder, key).read_bytes()
        except OSError:
            return None
        digest, content = kept[:_DIGEST_CHARACTERS], kept[_DIGEST_CHARACTERS + 1 :]
        return content if digest == _digest(key, content) else None

    def put(self, key: str, content: bytes) -> None:
        """Keep a content under a key, if that is possible."""
        folder = self._private() if self._is_writable else None
        if folder is None:
            return
        path = _file(folder, key)
        try:
            path.parent.mkdir(mode=0o700, exist_ok=True)
            # Not forced to the disk: what is lost is only made again.
            with whole_file(path, is_forced=False) as file:
                file.write(_digest(key, content) + b"\n" + content)
        except OSError as error:
            self._is_writable = False
            self._say(folder, error)

    def _private(self) -> Path | None:
        """Return the folder, if nobody else writes there; made if it is not there."""
        folder = self._folder
        if folder is None:
            return None
        try:
            folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.mkdir(mode=0o700, exist_ok=True)
            _check_private(folder.stat())
        except OSError as error:
            self._folder = None
            self._say(folder, error)
            return None
        return folder

    def _say(self, folder: Path, error: OSError) -> None:
        _log.warning(
            "Nothing is kept in the cache %s: %s. %s leaves it out.",
            folder,
            error.strerror or error,
            self._without,
        )


def _check_private(state: os.stat_result) -> None:
    if state.st_uid != os.geteuid():
        raise PermissionError(None, "it belongs to another user")
    if state.st_mode & _OTHERS_WRITE:
        raise PermissionError(None, "others may write there (chmod 700 ends that)")


def _file(folder: Path, key: str) -> Path:
    return folder / key[:2] / key


def _digest(key: str, content: bytes) -> bytes:
    named = blake2b(key.encode() + b"\n" + content, digest_size=_DIGEST_CHARACTERS // 2)
    return named.hexdigest().encode()
