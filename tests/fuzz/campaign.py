"""Campaigns: many inputs of a kind, each in a child process that may die of it."""

import json
import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from simcoalesce.experiment.single_run import run
from simcoalesce.scenario.scenario import Scenario
from tests.fuzz.chance import Chance
from tests.fuzz.command_end import TOO_LONG
from tests.fuzz.faults import fault_of
from tests.fuzz.fuzz_input import FuzzInput
from tests.fuzz.kind import Kind

MOST_WALL_S: Final = 300
"""A child that says nothing for so long is killed: no signal ends a compiled loop."""
_IN_A_CHILD: Final = 1_000
"""So many inputs share a process: what leaks from one to the next is found too."""
_ENDED: Final = "end"


@dataclass(frozen=True)
class Tried:
    """How an input ended.

    Attributes:
        number: That of the input.
        code: The exit code.
        cpu_s: CPU time that it took.
        size_bytes: Of all that was written.
        fault: What is wrong with it; empty if nothing is.
    """

    number: int
    code: int
    cpu_s: float
    size_bytes: int
    fault: str


def tried(kind: Kind, given: FuzzInput, number: int = 0) -> Tried:
    """Try one input, in this process; again if it takes too long.

    A machine with many others on it may count what they take, but not twice.
    """
    started = time.process_time()
    with TemporaryDirectory(prefix="fuzz-") as folder:
        end = kind.end(given, Path(folder))
        if end.code == TOO_LONG:
            end = kind.end(given, Path(folder))
    cpu_s = time.process_time() - started
    written = len(end.out) + len(end.err) + sum(map(len, end.written.values()))
    return Tried(number, end.code, cpu_s, written, fault_of(given, end))


def campaign(kind: Kind, seed: int, numbers: Sequence[int]) -> Iterator[Tried]:
    """Try the inputs of some numbers, whatever becomes of the processes."""
    _compile()
    left = [*numbers]
    while left:
        done = 0
        batch = ((n, kind.made(Chance(seed, kind.name, n))) for n in left[:_IN_A_CHILD])
        for one in _in_child(kind, batch):
            done += 1
            yield one if one.number >= 0 else _died(one, left[done - 1])
        left = left[done:]


@cache
def _compile() -> None:
    """Load the kernels, which are compiled where that was not done before."""
    text = (
        "traffic: {arrivals: [{kind: burst, requests: 1, within: 1ms}]}\n"
        "engine: compiled\npath: [origin]\norigin: {latency: 1ms}\n"
    )
    run(Scenario.parse(text))


def tried_apart(kind: Kind, given: FuzzInput) -> Tried:
    """Try one input in a child process."""
    (one,) = _in_child(kind, iter([(0, given)]))
    return one


def _died(one: Tried, number: int) -> Tried:
    return Tried(number, one.code, one.cpu_s, one.size_bytes, one.fault)


def _in_child(kind: Kind, inputs: Iterator[tuple[int, FuzzInput]]) -> Iterator[Tried]:
    """Yield how inputs end; at last what ended the child, if that was not the last."""
    reading, writing = os.pipe()
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _serve(kind, inputs, writing)
    os.close(writing)
    last = ""
    for last in _lines(reading, child):
        if last != _ENDED:
            yield Tried(**json.loads(last))
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if last != _ENDED:
        assert status <= 0, "the machine itself fails"
        fault = "does not end" if status == -signal.SIGKILL else f"signal {-status}"
        yield Tried(-1, status, MOST_WALL_S, 0, fault)


def _lines(reading: int, child: int) -> Iterator[str]:
    """Yield the whole lines that a child writes; kill it if it says nothing."""
    kept = b""
    while select.select([reading], [], [], MOST_WALL_S)[0]:
        more = os.read(reading, 65_536)
        *lines, kept = (kept + more).split(b"\n")
        yield from (line.decode() for line in lines)
        if not more:
            break
    else:
        os.kill(child, signal.SIGKILL)
    os.close(reading)


def _serve(kind: Kind, inputs: Iterator[tuple[int, FuzzInput]], writing: int) -> None:
    """Try inputs and write how they ended, then end the process."""
    try:
        with os.fdopen(writing, "w", buffering=1) as lines:
            for number, given in inputs:
                lines.write(json.dumps(asdict(tried(kind, given, number))) + "\n")
            lines.write(f"{_ENDED}\n")
        os._exit(0)
    finally:
        traceback.print_exc()
        os._exit(1)
