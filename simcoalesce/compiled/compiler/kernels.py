"""Kernels become LLVM's code: each once, with all that it calls."""

import ast
from collections.abc import Callable
from functools import cache
from inspect import signature
from pathlib import Path
from typing import Any

from llvmlite import ir

from simcoalesce.compiled.compiler.expressions import Compiled
from simcoalesce.compiled.compiler.kind import I64, Kind, Value, kind_of, llvm_type
from simcoalesce.compiled.compiler.refusal import refused
from simcoalesce.compiled.compiler.statements import Locals, Statements


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
        kind = ir.FunctionType(I64, map(llvm_type, inner.parameters))
        outer = ir.Function(self.module, kind, name)
        builder = ir.IRBuilder(outer.append_basic_block())
        given = builder.call(inner.code, outer.args)
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
        said = signature(function, eval_str=True)
        try:
            kinds = tuple(kind_of(one.annotation) for one in said.parameters.values())
            result = kind_of(said.return_annotation)
        except KeyError as error:
            reason = f"{error} is no kind of value in a kernel"
            raise refused(_file(function), node.args, reason) from error
        kind = ir.FunctionType(llvm_type(result), map(llvm_type, kinds))
        name = f"{function.__module__}.{function.__name__}"
        code = ir.Function(self.module, kind, name)
        code.linkage = "internal"
        return Compiled(code, kinds, result)


class _Body:
    """The body of one kernel, and what its expressions refer to."""

    def __init__(
        self,
        kernels: Kernels,
        function: Callable[..., Any],
        node: ast.FunctionDef,
        made: Compiled,
    ) -> None:
        self.file = _file(function)
        self.globals = function.__globals__
        self.kernel = kernels.compiled
        cells = ir.IRBuilder(made.code.append_basic_block())
        start = made.code.append_basic_block()
        self._builder = ir.IRBuilder(start)
        self._locals = Locals(cells)
        statements = Statements(self._builder, self, self._locals, made.result)
        for argument, code, kind in zip(
            node.args.args, made.code.args, made.parameters, strict=True
        ):
            statements.name(argument.arg, Value(code, kind))
        statements.block(node.body)
        if not self._builder.block.is_terminated:
            self._end(statements, made)
        cells.branch(start)

    def local(self, name: str) -> Value | None:
        """Return the value of a name of the kernel; None if it has no such name."""
        match self._locals.known(name):
            case None:
                return None
            case cell, kind:
                return Value(self._builder.load(cell), kind)

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


def _file(function: Callable[..., Any]) -> str:
    return function.__code__.co_filename


def _definition(function: Callable[..., Any]) -> ast.FunctionDef:
    return _definitions(_file(function))[function.__name__]


@cache
def _definitions(file: str) -> dict[str, ast.FunctionDef]:
    tree = ast.parse(Path(file).read_text(encoding="utf-8"), file)
    return {one.name: one for one in tree.body if isinstance(one, ast.FunctionDef)}
