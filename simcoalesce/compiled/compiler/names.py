"""KernelNames of a kernel: what they mean, and where their values are kept."""

from typing import Any

from llvmlite import ir
from typing_extensions import override

from simcoalesce.compiled.compiler.kind import (
    Kind,
    Kinds,
    Value,
    is_record,
    llvm_type,
    said,
)
from simcoalesce.compiled.compiler.operators import Operators
from simcoalesce.compiled.compiler.records import Records


class KernelNames:
    """The names of a kernel, each with a cell of its own, and its kind.

    The cells are of the call: they become registers.
    """

    def __init__(self, cells: ir.IRBuilder, builder: ir.IRBuilder) -> None:
        """Begin without any.

        Args:
            cells: Stands where cells are made, before all else.
            builder: Stands where names are used.
        """
        self.cells = cells
        self.builder = builder
        self._known: dict[str, tuple[Any, Kinds]] = {}

    def load(self, name: str) -> Value | None:
        """Return the value of a name; None if it has none so far."""
        if name not in self._known:
            return None
        cell, kind = self._known[name]
        return self.loaded(cell, kind)

    def store(self, name: str, value: Value) -> None:
        """Give a name a value; it keeps the kind of the first one.

        Raises:
            TypeError: If the name has another kind.
        """
        if value.kind in {Kind.NOTHING, Kind.NUMBERS} and name in self._known:
            raise TypeError(f"{name} cannot become {said(value.kind)}")
        if name not in self._known:
            self._known[name] = self.cell(name, value.kind), value.kind
        cell, kind = self._known[name]
        self.stored(Operators(self.builder).to(value, kind), cell)

    def given(self, name: str, value: Value) -> None:
        """Give an argument its name."""
        cell = self.cells.alloca(llvm_type(value.kind))
        self.cells.store(value.code, cell)
        self._known[name] = cell, value.kind

    def cell(self, name: str, kind: Kinds) -> Any:  # noqa: ARG002 - others want it
        """Return a new cell."""
        return self.cells.alloca(llvm_type(kind))

    def loaded(self, cell: Any, kind: Kinds) -> Value:
        """Return what a cell holds."""
        return Value(self.builder.load(cell), kind)

    def stored(self, value: Value, cell: Any) -> None:
        """Let a cell hold a value."""
        self.builder.store(value.code, cell)


class KeptNames(KernelNames):
    """The names of a kernel that yields: a level's frame keeps them meanwhile.

    Of a record it keeps where it is. It has a number for each name.
    """

    def __init__(
        self, cells: ir.IRBuilder, builder: ir.IRBuilder, frame: Value
    ) -> None:
        """Begin without any, as `KernelNames` does, behind the fields of a frame."""
        super().__init__(cells, builder)
        assert is_record(frame.kind), "a frame is a record"
        self._frame = frame
        self._next = frame.kind.width
        self._given: dict[str, Value] = {}

    @override
    def given(self, name: str, value: Value) -> None:
        self._given[name] = value

    @override
    def load(self, name: str) -> Value | None:
        return self._given.get(name) or super().load(name)

    @override
    def store(self, name: str, value: Value) -> None:
        if name in self._given:
            raise TypeError(f"{name} stays what it was given, since the kernel yields")
        super().store(name, value)

    @override
    def cell(self, name: str, kind: Kinds) -> Any:
        if isinstance(kind, tuple) or kind in {Kind.NUMBERS, Kind.NOTHING}:
            raise TypeError(f"a frame does not keep {said(kind)}, as {name} is")
        address = Records(Operators(self.cells)).address(self._frame, self._next)
        self._next += 1
        if isinstance(kind, Kind):
            return self.cells.bitcast(address, llvm_type(kind).as_pointer())
        return address

    @override
    def loaded(self, cell: Any, kind: Kinds) -> Value:
        number = self.builder.load(cell)
        if not is_record(kind):
            return Value(number, kind)
        records = Records(Operators(self.builder))
        return records.made(kind, self._frame, Value(number, Kind.WHOLE))

    @override
    def stored(self, value: Value, cell: Any) -> None:
        if is_record(value.kind):
            value = Records(Operators(self.builder)).read(value, "at")
        self.builder.store(value.code, cell)
