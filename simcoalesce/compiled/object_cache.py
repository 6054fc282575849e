"""Where compiled kernels are kept: a file for each version of their sources.

A file begins with a digest of what follows. What is damaged, or lies where others may
write, is as good as none: kernels are compiled anew, which takes some 4 s.
"""

import os
import platform
import stat
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from pathlib import Path
from tempfile import gettempdir
from typing import Final

from simcoalesce.whole_file import whole_file

_DIGEST_BYTES: Final = 32
_OTHERS_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH


def is_warm() -> bool:
    """Whether the kernels have been compiled before."""
    path = object_file()
    with suppress(OSError):
        return path is not None and path.exists()
    return False


def stored() -> bytes | None:
    """Return the object of the present sources; None if there is no whole one."""
    path = object_file()
    if path is None:
        return None
    try:
        kept = path.read_bytes()
    except OSError:
        return None
    digest, code = kept[:_DIGEST_BYTES], kept[_DIGEST_BYTES:]
    return code if digest == _digest(code) else None


def store(code: bytes) -> None:
    """Keep an object, if there is a folder for it."""
    path = object_file()
    if path is not None:
        with suppress(OSError), whole_file(path) as file:
            file.write(_digest(code) + code)


def object_file() -> Path | None:
    """Return where the object of the present sources is, or should be.

    None if there is no folder where this user can write, and nobody else.
    """
    name = f"kernels-{_version()}-{platform.machine().lower()}.o"
    for folder in _folders():
        with suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Whoever can write there decides what code runs here.
            if os.access(folder, os.W_OK) and _is_private(folder.stat()):
                return folder / name
    return None


def _is_private(state: os.stat_result) -> bool:
    return state.st_uid == os.getuid() and not state.st_mode & _OTHERS_WRITE


def _folders() -> Iterator[Path]:
    with suppress(RuntimeError):  # nobody knows of a home
        yield _user_cache()
    with suppress(OSError):  # no folder for temporary files can be written
        yield Path(gettempdir(), f"simcoalesce-{os.getuid()}")


def _user_cache() -> Path:
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "simcoalesce"
    base = os.environ.get("XDG_CACHE_HOME")
    return Path(base or Path.home() / ".cache", "simcoalesce")


def _digest(code: bytes) -> bytes:
    return blake2b(code, digest_size=_DIGEST_BYTES).digest()


@cache
def _version() -> str:
    here = Path(__file__).parent
    named = ("model/clock.py", "metrics/tally.py", "outcomes.py")
    sources = [*sorted(here.rglob("*.py")), *(here.parent / name for name in named)]
    text = b"".join(source.read_bytes() for source in sources)
    return blake2b(text, digest_size=8).hexdigest()
