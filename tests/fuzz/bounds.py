"""Bounds: the documented ones a thousand times lower, and those of time and memory.

A run that the documented bounds allow may last for hours. So that each input ends soon,
they are scaled here; what then lasts, no bound of the package stops.
"""

import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Final
from unittest.mock import patch

from simcoalesce import run_bounds
from simcoalesce.experiment import size
from simcoalesce.scenario import scenario_spec
from simcoalesce.traffic import traffic

SCALED: Final = {
    "MOST_EVENTS": 200_000,
    "MOST_SENT": 5_000,
    "MOST_TURNS": 100_000,
    "MOST_NAMES": 100_000,
    "MOST_LOOKS": 10_000,
    "MOST_CALLS": 1_000,
}
MOST_CPU_S: Final = 10
MOST_BYTES: Final = 1 << 30
_PAGE_BYTES: Final = resource.getpagesize()


class TookTooLongError(BaseException):
    """An input that used its time up."""


@contextmanager
def scaled_bounds() -> Iterator[None]:
    """Let each bound of a run be low while the block is run."""
    kept = {name: getattr(run_bounds, name) for name in SCALED}
    try:
        _set(SCALED)
        with (
            patch.object(size, "_MOST_REQUESTS", 20_000),
            patch.object(traffic, "_MOST_ISOLATES", 10_000),
            patch.object(scenario_spec, "MOST_REPLICATIONS", 100),
        ):
            yield
    finally:
        _set(kept)


def _set(values: dict[str, int]) -> None:
    """Set a bound in each module that has imported it."""
    for module in [*sys.modules.values()]:
        if module.__name__.startswith("simcoalesce"):
            for name, value in values.items():
                if name in vars(module):
                    setattr(module, name, value)


@contextmanager
def time_and_memory() -> Iterator[None]:
    """Bound what the block uses.

    Raises:
        TookTooLongError: If it uses more than `MOST_CPU_S` seconds of a core.
        MemoryError: If it takes more than `MOST_BYTES`.
    """
    old = signal.signal(signal.SIGPROF, _too_long)
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (_virtual_bytes() + MOST_BYTES, hard))
    signal.setitimer(signal.ITIMER_PROF, MOST_CPU_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
        signal.signal(signal.SIGPROF, old)


def _too_long(_number: int, _frame: FrameType | None) -> None:
    raise TookTooLongError


def _virtual_bytes() -> int:
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
    return int(pages) * _PAGE_BYTES
