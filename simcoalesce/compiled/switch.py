"""Switches: several kernels, of which a number chooses one."""

from collections.abc import Callable, Sequence
from inspect import isgeneratorfunction, signature
from typing import Any, Final, Generic, ParamSpec, TypeVar

from simcoalesce.compiled.kernel import Steps
from simcoalesce.compiled.record import Record
from simcoalesce.compiled.state import Frame

P = ParamSpec("P")
R_co = TypeVar("R_co", covariant=True)

ENTRY: Final = "entry"
"""The name of the argument that says where a kernel is entered."""
FRAME: Final = "mine"
"""The name of the record in which a kernel that yields keeps its names."""
GO_ON: Final = -1
"""What a kernel that yields says if there is nothing to wait for: it goes on."""


def asked(kernel: Callable[..., Any]) -> dict[str, Any]:
    """Return what a kernel asks for, by name, with the annotations.

    One that yields asks for a frame, and where it is entered, without saying so: it
    begins where that is 0.
    """
    parameters = signature(kernel, eval_str=True).parameters
    names = {name: one.annotation for name, one in parameters.items()}
    if isgeneratorfunction(kernel):
        names = {**names, FRAME: names.get(FRAME, Frame), ENTRY: int}
    return names


class Switch(Generic[P, R_co]):
    """Kernels, of which the first argument of a call chooses one, from 0 on.

    A kernel names those of the other arguments that it needs. It may ask for records of
    a subclass, as a layer does for its own: these begin where those that are given do.

    Attributes:
        names: The names of the other arguments.

    Args:
        names: The same, in one line.
        found: Returns the kernels; it is called when one of them is needed, since
            kernels may call the switch that they are members of.
    """

    def __init__(
        self, names: str, found: Callable[[], Sequence[Callable[..., Any]]]
    ) -> None:
        self.names = tuple(names.split())
        self._found = found
        self._paused: dict[int, Steps] = {}

    @property
    def kernels(self) -> Sequence[Callable[..., Any]]:
        """The kernels, by their numbers."""
        return self._found()

    def __call__(self, number: int, *given: P.args, **_: P.kwargs) -> R_co:
        """Call the kernel of a number; the compiler emits a jump instead."""
        kernel, named = self.kernels[number], dict(zip(self.names, given, strict=True))
        passed = {
            name: _as(kind, named[name])
            for name, kind in asked(kernel).items()
            if name in signature(kernel).parameters
        }
        if not isgeneratorfunction(kernel):
            return kernel(**passed)
        frame: Any = named[FRAME]
        if named[ENTRY] == 0:
            self._paused[frame.at] = kernel(**passed)
        return self._go_on(frame.at)

    def _go_on(self, frame: int) -> Any:
        """Return what a kernel says at its next yield, or at its end."""
        said = GO_ON
        while said == GO_ON:
            try:
                said = next(self._paused[frame])
            except StopIteration as end:
                return end.value
        return said


def _as(kind: Any, given: Any) -> Any:
    """Return a record as one of a subclass."""
    return kind(given, given.at) if isinstance(given, Record) else given


class Handlers(Switch[P, R_co]):
    """A switch to which modules add kernels: each gets a number, which is a constant.

    Args:
        names: The names of what each of them is handed.
    """

    def __init__(self, names: str) -> None:
        self._added: list[Callable[..., R_co]] = []
        super().__init__(names, lambda: self._added)

    def add(self, kernel: Callable[..., R_co]) -> int:
        """Add a kernel; return its number."""
        self._added.append(kernel)
        return len(self._added) - 1
