"""Faults, as `model.fault` has them; each file of `faults` is a kind.

A file has `strikes`, which asks for what the fault says (`fault`), and for the call.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from simcoalesce.compiled.kernel import Word, inner
from simcoalesce.compiled.kernel_family import KernelFamily
from simcoalesce.compiled.parameters import Parameters, own_fields
from simcoalesce.compiled.record import NOBODY, Link, Record
from simcoalesce.compiled.state import SamplerRecord, State, Task
from simcoalesce.compiled.switch import Switch
from simcoalesce.model.fault import Fault
from simcoalesce.model.layer_context import LayerContext

_KERNELS: Final = KernelFamily("simcoalesce.compiled.faults")


class FaultRecord(Record):
    """A fault."""

    kind: int
    """The number of its kernels."""
    next: Link["FaultRecord"]
    status: int
    takes: Link[SamplerRecord]
    slower: float
    cacheable: bool
    concerned: int
    """Where it says whether each key's calls concern it, or nobody: all do."""
    counts_each_key: bool
    counts: int
    """Where it counts calls: one number, or one for each key."""
    stream: Word


_strikings: Switch[[State, FaultRecord, Task], bool] = Switch(
    "m fault task", lambda: _KERNELS.kernels("strikes")
)
"""Whether a fault strikes a call that concerns it."""


@inner
def is_struck(m: State, fault: FaultRecord, task: Task) -> bool:
    """Whether a fault strikes the call of a task."""
    if fault.concerned != NOBODY and not m[fault.concerned + task.key]:
        return False
    return _strikings(fault.kind, m, fault, task)


@inner
def counted(m: State, fault: FaultRecord, task: Task) -> int:
    """Count a call; return its number, from 1 on."""
    count = fault.counts + (task.key if fault.counts_each_key else 0)
    m[count] += 1
    return m[count]


def written_faults(
    faults: Sequence[Fault], context: LayerContext, parameters: Parameters
) -> FaultRecord:
    """Write faults; return the first of them, or none."""
    first = FaultRecord(parameters.state, NOBODY)
    for index, fault in reversed([*enumerate(faults)]):
        record = _written(fault, index, context, parameters)
        record.next = first
        first = record
    return first


def _written(
    fault: Fault, index: int, context: LayerContext, parameters: Parameters
) -> FaultRecord:
    member: Any = type(fault)
    kind = _KERNELS.record_of(member, "strikes", "fault", FaultRecord)
    [record] = parameters.records(kind, 1)
    parameters.fill(record, fault, own_fields(kind, Record))
    record.kind = _KERNELS.number_of(member)
    if fault.takes is not None:
        name = f"origin.faults[{index}].takes"
        record.takes = parameters.sampler(fault.takes.sampler(context.seed, name))
    record.stream = parameters.key_of(fault.stream(context.seed, index))
    concerned = fault.concerned(context.keys, context.seed, index)
    record.concerned = NOBODY
    if concerned is not None:
        record.concerned = parameters.write(concerned.astype(np.int64))
    keys = len(context.keys) if fault.counts_each_key else 1
    record.counts = parameters.reserve(keys)
    return record
