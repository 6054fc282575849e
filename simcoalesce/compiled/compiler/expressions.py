"""Expressions: what a kernel computes."""

import ast
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

import numpy as np
from llvmlite import ir

from simcoalesce.compiled.compiler.calls import BUILTINS, EMITTED
from simcoalesce.compiled.compiler.kind import (
    F64,
    I1,
    I64,
    Kind,
    Kinds,
    Value,
    llvm_type,
    said,
)
from simcoalesce.compiled.compiler.operators import Operators
from simcoalesce.compiled.compiler.refusal import UNKNOWN, method_of, refused


class Compiled(NamedTuple):
    """A kernel: its code, and the kinds of its parameters and of its result."""

    code: Any
    parameters: tuple[Kinds, ...]
    result: Kinds


class KernelNames(Protocol):
    """What the expressions of a kernel refer to."""

    file: str
    globals: dict[str, Any]

    def local(self, name: str) -> Value | None:
        """Return the value of a name of the kernel; None if it has no such name."""

    def kernel(self, function: Callable[..., Any]) -> Compiled:
        """Return another kernel."""


class Expressions:
    """Emits expressions where a builder stands: a method for each kind."""

    def __init__(self, builder: ir.IRBuilder, names: KernelNames) -> None:
        self.builder = builder
        self.names = names
        self.operators = Operators(builder)

    def visit(self, node: ast.expr) -> Value:
        """Emit an expression, and return its value.

        Raises:
            NotAKernelError: If it is not of the language.
        """
        try:
            value: Value = method_of(self, node)(node)
        except TypeError as error:
            raise refused(self.names.file, node, str(error)) from error
        return value

    def _constant(self, node: ast.Constant) -> Value:
        return constant(node.value)

    def _name(self, node: ast.Name) -> Value:
        local = self.names.local(node.id)
        return constant(self._known(node)) if local is None else local

    def _attribute(self, node: ast.Attribute) -> Value:
        return constant(self._known(node))

    def _subscript(self, node: ast.Subscript) -> Value:
        numbers = self.visit(node.value)
        match numbers.kind, node.slice:
            case tuple(kinds), ast.Constant(int(index)) if index < len(kinds):
                part = self.builder.extract_value(numbers.code, index)
                return Value(part, kinds[index])
        return Value(self.builder.load(self.address(node)), Kind.WHOLE)

    def _tuple(self, node: ast.Tuple) -> Value:
        parts = [self.visit(part) for part in node.elts]
        kinds = tuple(part.kind for part in parts if isinstance(part.kind, Kind))
        if len(kinds) < len(parts):
            raise TypeError("a tuple holds numbers")
        code = ir.Constant(llvm_type(kinds), ir.Undefined)
        for index, part in enumerate(parts):
            code = self.builder.insert_value(code, part.code, index)
        return Value(code, kinds)

    def _binop(self, node: ast.BinOp) -> Value:
        left, right = self.visit(node.left), self.visit(node.right)
        return self.operators.binary(node.op, left, right)

    def _unaryop(self, node: ast.UnaryOp) -> Value:
        value = self.visit(node.operand)
        match node.op:
            case ast.USub():
                return self.operators.negative(value)
            case ast.Not():
                truth = self.operators.truth(value)
                return Value(self.builder.not_(truth), Kind.TRUTH)
        raise TypeError(UNKNOWN)

    def _compare(self, node: ast.Compare) -> Value:
        left, holds = self.visit(node.left), None
        for sign, other in zip(node.ops, node.comparators, strict=True):
            if holds is not None and any(
                isinstance(a, ast.Call) for a in ast.walk(other)
            ):
                raise TypeError("it is not sure that this is called")
            right = self.visit(other)
            one = self.operators.compare(sign, left, right).code
            holds = one if holds is None else self.builder.and_(holds, one)
            left = right
        return Value(holds, Kind.TRUTH)

    def _boolop(self, node: ast.BoolOp) -> Value:
        return self._until_decided(node.op, self.visit(node.values[0]), node.values[1:])

    def _until_decided(
        self, sign: ast.boolop, first: Value, others: list[ast.expr]
    ) -> Value:
        """Emit `and` or `or`: the first part that decides it, else the last one."""
        if not others:
            return first
        decided, more = (self.builder.append_basic_block() for _ in range(2))
        blocks = (more, decided) if isinstance(sign, ast.And) else (decided, more)
        self.builder.cbranch(self.operators.truth(first), *blocks)
        self.builder.position_at_end(more)
        rest = self._until_decided(sign, self.visit(others[0]), others[1:])
        return self._joined([(first, decided), (rest, self.builder.block)])

    def _ifexp(self, node: ast.IfExp) -> Value:
        blocks = [self.builder.append_basic_block() for _ in range(2)]
        self.branch(node.test, *blocks)
        made = []
        for block, part in zip(blocks, (node.body, node.orelse), strict=True):
            self.builder.position_at_end(block)
            value = self.visit(part)
            made.append((value, self.builder.block))
        return self._joined(made)

    def _joined(self, made: list[tuple[Value, Any]]) -> Value:
        """Return the value of whichever of two blocks was gone through."""
        after = self.builder.append_basic_block()
        kind = _shared_kind(*(value.kind for value, _ in made))
        codes = []
        for value, block in made:
            self.builder.position_at_end(block)
            codes.append(self.operators.to(value, kind).code)
            self.builder.branch(after)
        self.builder.position_at_end(after)
        chosen = self.builder.phi(llvm_type(kind))
        for code, (_, block) in zip(codes, made, strict=True):
            chosen.add_incoming(code, block)
        return Value(chosen, kind)

    def _call(self, node: ast.Call) -> Value:
        if node.keywords:
            raise TypeError(UNKNOWN)
        match node.func, node.args:
            case ast.Attribute(number, "view"), [kind]:
                return _view(self.builder, self.visit(number), self._known(kind))
        known = self._known(node.func)
        values = [self.visit(one) for one in node.args]
        if (emit := EMITTED.get(known)) is not None:
            return emit(self.operators, *values)
        kernel = self.names.kernel(getattr(known, "function", known))
        if len(kernel.parameters) != len(values):
            raise TypeError(f"it takes {len(kernel.parameters)} arguments")
        passed = map(self.operators.to, values, kernel.parameters)
        code = self.builder.call(kernel.code, [one.code for one in passed])
        return Value(code, kernel.result)

    def address(self, node: ast.Subscript) -> Any:
        """Return the address of a number in memory."""
        numbers, index = self.visit(node.value), self.visit(node.slice)
        if numbers.kind is not Kind.NUMBERS:
            raise TypeError(f"{said(numbers.kind)} has no index")
        offset = self.operators.to(index, Kind.WHOLE).code
        return self.builder.gep(numbers.code, [offset], source_etype=I64)

    def branch(self, node: ast.expr, yes: Any, no: Any) -> None:
        """Go to one block if a condition holds, else to the other."""
        match node:
            case ast.BoolOp(sign, [*first, last]):
                for part in first:
                    more = self.builder.append_basic_block()
                    is_and = isinstance(sign, ast.And)
                    self.branch(part, *((more, no) if is_and else (yes, more)))
                    self.builder.position_at_end(more)
                self.branch(last, yes, no)
            case ast.UnaryOp(ast.Not(), operand):
                self.branch(operand, no, yes)
            case ast.Constant(True):
                self.builder.branch(yes)
            case _:
                self.builder.cbranch(self.operators.truth(self.visit(node)), yes, no)

    def _known(self, node: ast.expr) -> Any:
        """Return what a name outside of the kernel means."""
        match node:
            case ast.Name(name) if name in self.names.globals:
                return self.names.globals[name]
            case ast.Name(name) if name in BUILTINS:
                return BUILTINS[name]
            case ast.Attribute(owner, name):
                return getattr(self._known(owner), name)
        raise TypeError("nothing has this name so far")


def constant(value: Any) -> Value:
    """Return a number that is known before a kernel runs.

    Raises:
        TypeError: If it is none.
    """
    if isinstance(value, bool | np.bool_):
        return Value(ir.Constant(I1, int(value)), Kind.TRUTH)
    if isinstance(value, np.uint64):
        return Value(ir.Constant(I64, int(value)), Kind.WORD)
    if isinstance(value, int | np.integer):
        return Value(ir.Constant(I64, int(value)), Kind.WHOLE)
    if isinstance(value, float):
        return Value(ir.Constant(F64, float(value)), Kind.FLOAT)
    raise TypeError("it is no number")


def _view(builder: ir.IRBuilder, value: Value, kind: Any) -> Value:
    """Return the same bits as another kind, as `numpy.ndarray.view` does."""
    match value.kind, kind:
        case Kind.FLOAT, np.int64:
            return Value(builder.bitcast(value.code, I64), Kind.WHOLE)
        case Kind.WHOLE, np.float64:
            return Value(builder.bitcast(value.code, F64), Kind.FLOAT)
    raise TypeError(f"{said(value.kind)} is not viewed so")


def _shared_kind(one: Kinds, other: Kinds) -> Kinds:
    if one == other:
        return one
    kinds = {one, other}
    if kinds == {Kind.TRUTH, Kind.WHOLE}:
        return Kind.WHOLE
    if Kind.FLOAT in kinds and kinds < {Kind.TRUTH, Kind.WHOLE, Kind.FLOAT}:
        return Kind.FLOAT
    raise TypeError(f"it is {said(one)} or {said(other)}")
