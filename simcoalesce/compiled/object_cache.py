"""Where compiled kernels are kept: a file for each version of their sources.

Compiling takes some 20 s, once.
"""

import os
import platform
import sys
from functools import cache
from hashlib import blake2b
from pathlib import Path
from tempfile import gettempdir


def is_warm() -> bool:
    """Whether the kernels have been compiled before."""
    return object_file().exists()


def object_file() -> Path:
    """Return where the object of the present sources is, or should be.

    Raises:
        OSError: If there is no folder that can be written.
    """
    name = f"kernels-{_digest()}-{platform.machine().lower()}.o"
    for folder in (_user_cache(), Path(gettempdir(), f"simcoalesce-{os.getuid()}")):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        # Whoever can write there decides what code runs here.
        if os.access(folder, os.W_OK) and _owner(folder) == os.getuid():
            return folder / name
    raise OSError("there is no folder for compiled kernels that can be written")


def _owner(folder: Path) -> int:
    return folder.stat().st_uid


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
