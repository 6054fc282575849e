"""Tally of one shard of the keys, and the tally of all shards together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from simcoalesce.compiled.parameters import Row
from simcoalesce.compiled.usage import note
from simcoalesce.metrics.tally import Tally
from simcoalesce.model.recorder import Recorder
from simcoalesce.outcomes import OriginRows


@dataclass(frozen=True)
class ShardTally:
    """The tally of one shard.

    Attributes:
        tally: The counts of its requests; its calls are not counted yet.
        counted: Its counted operations.
        calls: Its calls of the origin, in their order, shape (calls, 6).
    """

    tally: Tally
    counted: Mapping[str, int]
    calls: Row


def whole(parts: Sequence[ShardTally], *, cpu_ns: int) -> Tally:
    """Return the counts of a run from those of all its parts.

    Args:
        parts: One for each shard.
        cpu_ns: CPU time of each run of the worker, in nanoseconds.
    """
    tally = parts[0].tally
    for part in parts[1:]:
        tally.absorb(part.tally)
    calls = np.concatenate([part.calls for part in parts])
    tally.calls.add(OriginRows(*calls[np.argsort(calls[:, 2], kind="stable")].T))
    recorder = note(Recorder(), [part.counted for part in parts])
    tally.usage = recorder.counted(cpu_ns, tally.calls.count)
    return tally
