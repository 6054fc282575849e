"""Calls of other kernels, and of one of several that a number chooses."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol

from llvmlite import ir

from simcoalesce.compiled.compiler.kind import (
    I64,
    Kind,
    Kinds,
    Value,
    is_record,
    llvm_type,
)
from simcoalesce.compiled.compiler.names import KernelNames
from simcoalesce.compiled.compiler.operators import Operators
from simcoalesce.compiled.switch import Switch, asked


class Compiled(NamedTuple):
    """A kernel: its code, and the kinds of its parameters and of its result."""

    code: Any
    parameters: tuple[Kinds, ...]
    result: Kinds


class Kernel(Protocol):
    """The kernel in which expressions stand."""

    file: str
    globals: dict[str, Any]
    names: KernelNames

    def other(self, function: Callable[..., Any]) -> Compiled:
        """Return another kernel."""

    def will_resume(self, number: int) -> None:
        """Note behind which of its yields the kernel goes on."""


class KernelCalls:
    """Emits calls where a builder stands.

    Raises:
        TypeError: In each method: if the arguments do not do.
    """

    def __init__(self, operators: Operators, kernel: Kernel) -> None:
        self._operators = operators
        self._builder = operators.builder
        self._kernel = kernel

    def called(self, function: Callable[..., Any], values: Sequence[Value]) -> Value:
        """Return what a kernel returns."""
        kernel = self._kernel.other(function)
        if len(kernel.parameters) != len(values):
            raise TypeError(f"it takes {len(kernel.parameters)} arguments")
        passed = map(self._operators.to, values, kernel.parameters)
        code = self._builder.call(kernel.code, [one.code for one in passed])
        return Value(code, kernel.result)

    def chosen(self, switch: Switch[..., Any], number: Value, *given: Value) -> Value:
        """Emit a jump to one of several kernels; return what it returns."""
        named = dict(zip(switch.names, given, strict=True))
        never, after = (self._builder.append_basic_block() for _ in range(2))
        which = self._operators.to(number, Kind.WHOLE).code
        jump = self._builder.switch(which, never)
        made: list[tuple[Value, Any]] = []
        for index, function in enumerate(switch.kernels):
            block = self._builder.append_basic_block()
            jump.add_case(ir.Constant(I64, index), block)
            self._builder.position_at_end(block)
            result = self.called(function, self._passed(function, named))
            made.append((result, self._builder.block))
            self._builder.branch(after)
        self._builder.position_at_end(never)
        self._builder.unreachable()
        self._builder.position_at_end(after)
        return self._joined(made)

    def _passed(
        self, function: Callable[..., Any], named: dict[str, Value]
    ) -> list[Value]:
        """Return what a kernel asks for, in its order."""
        kinds = self._kernel.other(function).parameters
        return [*map(_narrowed, map(named.__getitem__, asked(function)), kinds)]

    def _joined(self, made: Sequence[tuple[Value, Any]]) -> Value:
        kind = made[0][0].kind
        if kind is Kind.NOTHING:
            return Value(None, kind)
        chosen = self._builder.phi(llvm_type(kind))
        for value, block in made:
            chosen.add_incoming(value.code, block)
        return Value(chosen, kind)


def _narrowed(value: Value, kind: Kinds) -> Value:
    """Return a record as one of a subclass, if that is asked for."""
    if is_record(kind) and is_record(value.kind) and issubclass(kind, value.kind):
        return Value(value.code, kind)
    return value
