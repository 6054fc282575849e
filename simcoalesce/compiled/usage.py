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
    "worker_runs",
)
"""Counted operations, in the order of the state's; the events of layers come after."""
_PEAKS: Final = ("object_peak_queue",)
"""Those of which the largest counts, not the sum."""


def note(recorder: Recorder, counted: Sequence[Mapping[str, int]]) -> Recorder:
    """Note in a recorder what one or several runs have counted; return it."""
    for name in counted[0]:
        together = max if name in _PEAKS else sum
        number = together(counts[name] for counts in counted)
        if name in COUNTED:
            setattr(recorder.usage, name, number)
        else:
            recorder.count(name, number)
    return recorder
