"""Expressions: what a kernel computes."""

import ast
from typing import Any

from llvmlite import ir

from simcoalesce.compiled.compiler.calls import BUILTINS, EMITTED
from simcoalesce.compiled.compiler.kernel_calls import Kernel, KernelCalls
from simcoalesce.compiled.compiler.kind import (
    I64,
    Kind,
    Value,
    is_record,
    llvm_type,
)
from simcoalesce.compiled.compiler.operators import Operators
from simcoalesce.compiled.compiler.records import Records
from simcoalesce.compiled.compiler.refusal import UNKNOWN, method_of, refused
from simcoalesce.compiled.compiler.values import constant, shared_kind, viewed
from simcoalesce.compiled.switch import Switch


class Expressions:
    """Emits expressions where a builder stands: a method for each kind."""

    def __init__(self, builder: ir.IRBuilder, kernel: Kernel) -> None:
        self.builder = builder
        self.kernel = kernel
        self.operators = Operators(builder)
        self.records = Records(self.operators)
        self._calls = KernelCalls(self.operators, kernel)

    def visit(self, node: ast.expr) -> Value:
        """Emit an expression, and return its value.

        Raises:
            NotAKernelError: If it is not of the language.
        """
        try:
            value: Value = method_of(self, node)(node)
        except TypeError as error:
            raise refused(self.kernel.file, node, str(error)) from error
        return value

    def _constant(self, node: ast.Constant) -> Value:
        return constant(node.value)

    def _name(self, node: ast.Name) -> Value:
        local = self.kernel.names.load(node.id)
        return constant(self._known(node)) if local is None else local

    def _attribute(self, node: ast.Attribute) -> Value:
        if self._is_known(node):
            return constant(self._known(node))
        return self.records.read(self.visit(node.value), node.attr)

    def _is_known(self, node: ast.expr) -> bool:
        """Say whether a name, or what has it, is known before a kernel runs."""
        match node:
            case ast.Attribute(owner):
                return self._is_known(owner)
            case ast.Name(name):
                return self.kernel.names.load(name) is None
        return False

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
        kind = shared_kind(*(value.kind for value, _ in made))
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
                return viewed(self.builder, self.visit(number), self._known(kind))
        known = self._known(node.func)
        values = [self.visit(one) for one in node.args]
        if isinstance(known, Switch):
            return self._calls.chosen(known, *values)
        if is_record(known):
            return self.records.made(known, *values)
        if (emit := EMITTED.get(known)) is not None:
            return emit(self.operators, *values)
        return self._calls.called(getattr(known, "function", known), values)

    def address(self, node: ast.Subscript) -> Any:
        """Return the address of a number in memory."""
        numbers, index = self.visit(node.value), self.visit(node.slice)
        offset = self.operators.to(index, Kind.WHOLE).code
        memory = self.records.memory(numbers)
        return self.builder.gep(memory, [offset], source_etype=I64)

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
            case ast.Name(name) if name in self.kernel.globals:
                return self.kernel.globals[name]
            case ast.Name(name) if name in BUILTINS:
                return BUILTINS[name]
            case ast.Attribute(owner, name):
                return getattr(self._known(owner), name)
        raise TypeError("nothing has this name so far")
