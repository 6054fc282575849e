"""Where compiled kernels are kept: one folder for each version of their sources.

Compiling takes about half a minute, once. Numba notices a change only in the file of a
function, not in what it calls; so the folder is named after all sources together.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import blake2b
from pathlib import Path
from tempfile import gettempdir
from typing import Any

_warm: set[Path] = set()
"""Folders that have been looked into, and held kernels: it is asked before each run."""


@contextmanager
def kernel_cache() -> Iterator[None]:
    """Let the functions that are defined meanwhile be kept in our folder."""
    import numba  # noqa: PLC0415 - a third of a second, only for kernels

    config: Any = numba.config
    before = config.CACHE_DIR
    config.CACHE_DIR = str(folder())
    try:
        yield
    finally:
        config.CACHE_DIR = before


def is_warm() -> bool:
    """Whether the kernels have been compiled before."""
    path = folder()
    if path not in _warm and any(path.rglob("loop.serve-*.nbi")):
        _warm.add(path)
    return path in _warm


def folder() -> Path:
    """Return the folder of the present sources; it can be written."""
    name = f"kernels-{_digest()}"
    for base in (_user_cache(), Path(gettempdir(), f"simcoalesce-{os.getuid()}")):
        path = base / name
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(path, os.W_OK):
            return path
    raise OSError("there is no folder for compiled kernels that can be written")


def _user_cache() -> Path:
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "simcoalesce"
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base, "simcoalesce")


@cache
def _digest() -> str:
    here = Path(__file__).parent
    named = ("model/clock.py", "metrics/tally.py", "outcomes.py")
    sources = [*sorted(here.glob("*.py")), *(here.parent / name for name in named)]
    text = b"".join(source.read_bytes() for source in sources)
    return blake2b(text, digest_size=8).hexdigest()
