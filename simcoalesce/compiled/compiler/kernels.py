"""Kernels become LLVM's code: each once, with all that it calls."""

import ast
from collections.abc import Callable, Sequence
from functools import cache
from inspect import isgeneratorfunction, signature
from pathlib import Path
from typing import Any

from llvmlite import ir

from simcoalesce.compiled.compiler.kernel_calls import Compiled
from simcoalesce.compiled.compiler.kind import (
    I64,
    Kind,
    Kinds,
    Value,
    is_record,
    kind_of,
    llvm_type,
)
from simcoalesce.compiled.compiler.names import KeptNames, KernelNames
from simcoalesce.compiled.compiler.operators import Operators
from simcoalesce.compiled.compiler.records import Records
from simcoalesce.compiled.compiler.refusal import refused
from simcoalesce.compiled.compiler.statements import Statements
from simcoalesce.compiled.compiler.values import constant
from simcoalesce.compiled.switch import FRAME, asked


class Kernels:
    """A module of kernels.

    Attributes:
        module: Their code.
    """

    def __init__(self) -> None:
        """Begin without any."""
        self.module = ir.Module("simcoalesce")
        self._made: dict[Callable[..., Any], Compiled] = {}

    def add(self, function: Callable[..., Any], name: str) -> None:
        """Add a kernel that is called from outside, and returns a whole number.

        Args:
            function: The kernel.
            name: What it is called from outside.

        Raises:
            NotAKernelError: If it is not of the language, or what it calls is not.
        """
        inner = self.compiled(function)
        wanted = inner.parameters
        kind = ir.FunctionType(I64, map(llvm_type, map(_from_outside, wanted)))
        outer = ir.Function(self.module, kind, name)
        builder = ir.IRBuilder(outer.append_basic_block())
        records = Records(Operators(builder))
        first = constant(0)
        passed = [
            records.made(one, Value(code, Kind.NUMBERS), first).code
            if is_record(one)
            else code
            for one, code in zip(wanted, outer.args, strict=True)
        ]
        given = builder.call(inner.code, passed)
        is_truth = inner.result is Kind.TRUTH
        builder.ret(builder.zext(given, I64) if is_truth else given)

    def compiled(self, function: Callable[..., Any]) -> Compiled:
        """Return a kernel, compiled at its first mention."""
        if function not in self._made:
            node = _definition(function)
            made = self._declared(function, node)
            self._made[function] = made  # before its body, which may call it
            _Body(self, function, node, made)
        return self._made[function]

    def _declared(
        self, function: Callable[..., Any], node: ast.FunctionDef
    ) -> Compiled:
        returns = signature(function, eval_str=True).return_annotation
        try:
            kinds = tuple(kind_of(one) for one in asked(function).values())
            result = kind_of(returns)
        except KeyError as error:
            reason = f"{error} is no kind of value in a kernel"
            raise refused(_file(function), node.args, reason) from error
        kind = ir.FunctionType(llvm_type(result), map(llvm_type, kinds))
        name = f"{function.__module__}.{function.__name__}"
        code = ir.Function(self.module, kind, name)
        code.linkage = "internal"
        return Compiled(code, kinds, result)


class _Body:
    """The body of one kernel, and what its statements ask of it."""

    def __init__(
        self,
        kernels: Kernels,
        function: Callable[..., Any],
        node: ast.FunctionDef,
        made: Compiled,
    ) -> None:
        self.file = _file(function)
        self.globals = function.__globals__
        self.other = kernels.compiled
        cells = ir.IRBuilder(made.code.append_basic_block())
        start = made.code.append_basic_block()
        self._builder = ir.IRBuilder(start)
        values = map(Value, made.code.args, made.parameters)
        given = dict(zip(asked(function), values, strict=True))
        self.names = KernelNames(cells, self._builder)
        if isgeneratorfunction(function):
            self._frame = given[FRAME]
            self.names = KeptNames(cells, self._builder, self._frame)
        for name, value in given.items():
            self.names.given(name, value)
        statements = Statements(self._builder, self, made.result)
        statements.block(node.body)
        if not self._builder.block.is_terminated:
            self._end(statements, made)
        if statements.resumed:
            self._enter(cells, made.code.args[-1], start, statements.resumed)
        else:
            cells.branch(start)

    def will_resume(self, number: int) -> None:
        """Note behind which of its yields the kernel goes on."""
        records = Records(Operators(self._builder))
        records.write(self._frame, "resumes_at", constant(number))

    def _enter(
        self, cells: ir.IRBuilder, entry: Any, start: Any, resumed: Sequence[Any]
    ) -> None:
        """Begin, or go on behind the last yield."""
        again = cells.append_basic_block()
        is_first = cells.icmp_signed("==", entry, ir.Constant(I64, 0))
        cells.cbranch(is_first, start, again)
        cells.position_at_end(again)
        number = Records(Operators(cells)).read(self._frame, "resumes_at")
        jump = cells.switch(number.code, resumed[0])
        for index, block in enumerate(resumed[1:], 1):
            jump.add_case(ir.Constant(I64, index), block)

    def _end(self, statements: Statements, made: Compiled) -> None:
        """Return nothing, or stop where a value had to be returned before."""
        if made.result is Kind.NOTHING:
            statements.give(None)
            return
        trap = self._builder.module.declare_intrinsic(
            "llvm.trap", (), ir.FunctionType(ir.VoidType(), [])
        )
        self._builder.call(trap, [])
        self._builder.unreachable()


def _from_outside(kind: Kinds) -> Kinds:
    """Return what Python passes: of a record at the front of memory, the memory."""
    return Kind.NUMBERS if is_record(kind) else kind


def _file(function: Callable[..., Any]) -> str:
    return function.__code__.co_filename


def _definition(function: Callable[..., Any]) -> ast.FunctionDef:
    return _definitions(_file(function))[function.__name__]


@cache
def _definitions(file: str) -> dict[str, ast.FunctionDef]:
    tree = ast.parse(Path(file).read_text(encoding="utf-8"), file)
    return {one.name: one for one in tree.body if isinstance(one, ast.FunctionDef)}
