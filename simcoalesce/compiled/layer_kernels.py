"""Kernels of layers: a file of `compiled.layers` for each, called as the layer is.

A file has `step`, which goes through the layer; maybe `close`, which ends what a task
does there whose caller is gone, and says whether nothing will wake it any more; and
maybe `begin`, which does what `Parameters.begin_with` has put into the queue. The
annotations of `step` say what a level is told (`own`), and what it keeps of a task
(`mine`).
"""

import ast
from collections.abc import Callable
from functools import cache
from inspect import getsource, isgeneratorfunction
from textwrap import dedent
from typing import Any, Final

from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.kernel_family import KernelFamily
from simcoalesce.compiled.record import NOBODY
from simcoalesce.compiled.state import Frame, Level, State, Task
from simcoalesce.compiled.switch import FRAME, Switch

LAYERS: Final = KernelFamily("simcoalesce.compiled.layers")


@inner
def _nothing_to_close() -> bool:
    return False


@inner
def _nothing_begins(m: State) -> Task:
    return Task(m, NOBODY)


steps: Switch[[State, Task, Level, Frame, int], int] = Switch(
    "m task own mine entry", lambda: LAYERS.kernels("step")
)
"""Go through a level, entered at a label; returns what a step says."""

closings: Switch[[State, Task, Level, Frame], bool] = Switch(
    "m task own mine", lambda: LAYERS.kernels("close", _nothing_to_close)
)
"""End what a task does at a level whose caller is gone."""

beginnings: Switch[[State, Level], Task] = Switch(
    "m own", lambda: LAYERS.kernels("begin", _nothing_begins)
)
"""Do what a level begins by itself; returns the task that goes on, or none."""


def level_record(layer: type) -> type[Level]:
    """Return the record of what a level is told."""
    return LAYERS.record_of(layer, "step", "own", Level)


def frame_width(layer: type) -> int:
    """Return how many numbers a level keeps of a task."""
    frame = LAYERS.record_of(layer, "step", FRAME, Frame)
    return frame.width + _kept_names(LAYERS.kernels_of(layer).step)


@cache
def _kept_names(step: Callable[..., Any]) -> int:
    """Return how many numbers the names of a kernel that yields take."""
    if not isgeneratorfunction(step):
        return 0
    node = ast.parse(dedent(getsource(step)))
    names = {
        one.id
        for one in ast.walk(node)
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
    }
    loops = sum(isinstance(one, ast.For) for one in ast.walk(node))
    return len(names) + 2 * loops
