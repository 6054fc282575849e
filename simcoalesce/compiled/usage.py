"""Usage: what runs count, and what several of them counted together."""

from collections.abc import Mapping, Sequence
from typing import Final

from simcoalesce.model.recorder import Recorder

COUNTED: Final = (
    "worker_requests",
    "kv_reads",
    "kv_writes",
    "kv_writes_refused",
    "object_requests",
    "object_active_ns",
    "object_peak_queue",
    "response_bytes",
)
"""Counted operations, in the order of the state's."""
_PEAKS: Final = ("object_peak_queue",)
"""Those of which the largest counts, not the sum."""


def note(recorder: Recorder, counted: Sequence[Mapping[str, int]]) -> Recorder:
    """Note in a recorder what one or several runs have counted; return it."""
    for name in COUNTED:
        together = max if name in _PEAKS else sum
        setattr(recorder.usage, name, together(counts[name] for counts in counted))
    return recorder
