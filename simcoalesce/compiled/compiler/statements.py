"""Statements: what a kernel does."""

import ast
from collections.abc import Sequence
from typing import Any

from llvmlite import ir

from simcoalesce.compiled.compiler.expressions import Expressions
from simcoalesce.compiled.compiler.kernel_calls import Kernel
from simcoalesce.compiled.compiler.kind import I64, Kind, Kinds, Value, said
from simcoalesce.compiled.compiler.refusal import UNKNOWN, method_of, refused
from simcoalesce.compiled.compiler.values import constant
from simcoalesce.compiled.switch import GO_ON


class Statements:
    """Emits statements where a builder stands: a method for each kind."""

    def __init__(self, builder: ir.IRBuilder, kernel: Kernel, result: Kinds) -> None:
        self.builder = builder
        self.result = result
        self.resumed: list[Any] = []
        """Where a kernel goes on behind each of its yields."""
        self._file = kernel.file
        self._kernel = kernel
        self._names = kernel.names
        self._expressions = Expressions(builder, kernel)
        self._operators = self._expressions.operators
        self._loops: list[tuple[Any, Any]] = []

    def block(self, body: Sequence[ast.stmt]) -> None:
        """Emit statements, up to the first after which none is reached.

        Raises:
            NotAKernelError: If one is not of the language.
        """
        for node in body:
            if self.builder.block.is_terminated:
                return
            try:
                method_of(self, node)(node)
            except TypeError as error:
                raise refused(self._file, node, str(error)) from error

    def _pass(self, node: ast.Pass) -> None:
        pass

    def _expr(self, node: ast.Expr) -> None:
        match node.value:
            case ast.Constant(str()):
                pass
            case ast.Call() as call:
                self._expressions.visit(call)
            case ast.Yield(ast.expr() as said):
                self._pause(said)
            case _:
                raise TypeError(UNKNOWN)

    def _return(self, node: ast.Return) -> None:
        self.give(self._expressions.visit(node.value) if node.value else None)

    def give(self, value: Value | None) -> None:
        """Return a value from the kernel.

        Raises:
            TypeError: If it is not of the kind that the kernel says.
        """
        match value:
            case None if self.result is Kind.NOTHING:
                self.builder.ret_void()
            case None:
                raise TypeError(f"it returns {said(self.result)}")
            case _:
                self.builder.ret(self._operators.to(value, self.result).code)

    def _pause(self, said: ast.expr) -> None:
        """Say something, and go on from here when the kernel is entered again.

        If it says that there is nothing to wait for, it goes on at once.
        """
        value = self._operators.to(self._expressions.visit(said), Kind.WHOLE)
        leaves, after = (self.builder.append_basic_block() for _ in range(2))
        goes_on = self.builder.icmp_signed("==", value.code, ir.Constant(I64, GO_ON))
        self.builder.cbranch(goes_on, after, leaves)
        self.builder.position_at_end(leaves)
        self._kernel.will_resume(len(self.resumed))
        self.builder.ret(value.code)
        self.resumed.append(after)
        self.builder.position_at_end(after)

    def _assign(self, node: ast.Assign) -> None:
        match node:
            case ast.Assign([ast.Tuple(targets)], ast.Tuple(parts)) if len(
                targets
            ) == len(parts):
                values = [self._expressions.visit(part) for part in parts]
                for target, value in zip(targets, values, strict=True):
                    self._store(target, value)
            case _:
                value = self._expressions.visit(node.value)
                for target in node.targets:
                    self._store(target, value)

    def _parts(self, value: Value, wanted: int) -> list[Value]:
        if not isinstance(value.kind, tuple) or len(value.kind) != wanted:
            raise TypeError(f"{said(value.kind)} does not become {wanted} values")
        return [
            Value(self.builder.extract_value(value.code, index), kind)
            for index, kind in enumerate(value.kind)
        ]

    def _store(self, target: ast.expr, value: Value) -> None:
        match target:
            case ast.Name(name):
                self._names.store(name, value)
            case ast.Subscript():
                number = self._operators.to(value, Kind.WHOLE)
                self.builder.store(number.code, self._expressions.address(target))
            case ast.Attribute(owner, name):
                record = self._expressions.visit(owner)
                self._expressions.records.write(record, name, value)
            case ast.Tuple(targets):
                parts = self._parts(value, len(targets))
                for one, part in zip(targets, parts, strict=True):
                    self._store(one, part)
            case _:
                raise TypeError("nothing can be stored there")

    def _augassign(self, node: ast.AugAssign) -> None:
        match node.target:
            case ast.Subscript():
                address = self._expressions.address(node.target)
                before = Value(self.builder.load(address), Kind.WHOLE)
                after = self._changed(before, node)
                self.builder.store(self._operators.to(after, Kind.WHOLE).code, address)
            case ast.Attribute(owner, name):
                record = self._expressions.visit(owner)
                before = self._expressions.records.read(record, name)
                after = self._changed(before, node)
                self._expressions.records.write(record, name, after)
            case ast.Name(name):
                before = self._expressions.visit(node.target)
                self._names.store(name, self._changed(before, node))
            case _:
                raise TypeError(UNKNOWN)

    def _changed(self, before: Value, node: ast.AugAssign) -> Value:
        return self._operators.binary(
            node.op, before, self._expressions.visit(node.value)
        )

    def _if(self, node: ast.If) -> None:
        then, other, after = (self.builder.append_basic_block() for _ in range(3))
        self._expressions.branch(node.test, then, other)
        for start, statements in ((then, node.body), (other, node.orelse)):
            self.builder.position_at_end(start)
            self._goes_on_at(after, statements)
        self.builder.position_at_end(after)

    def _goes_on_at(self, after: Any, body: Sequence[ast.stmt]) -> None:
        self.block(body)
        if not self.builder.block.is_terminated:
            self.builder.branch(after)

    def _while(self, node: ast.While) -> None:
        if node.orelse:
            raise TypeError(UNKNOWN)
        again, inside, after = (self.builder.append_basic_block() for _ in range(3))
        self.builder.branch(again)
        self.builder.position_at_end(again)
        self._expressions.branch(node.test, inside, after)
        self.builder.position_at_end(inside)
        self._loops.append((again, after))
        self._goes_on_at(again, node.body)
        self._loops.pop()
        self.builder.position_at_end(after)

    def _for(self, node: ast.For) -> None:
        match node:
            case ast.For(ast.Name(name), ast.Call(ast.Name("range"), ends), body, []):
                self._for_range(name, ends, body)
            case ast.For(ast.Name(name), ast.Tuple(parts), body, []):
                self._for_each(name, parts, body)
            case _:
                raise TypeError(UNKNOWN)

    def _break(self, node: ast.Break) -> None:  # noqa: ARG002 - each method has its node
        self.builder.branch(self._loops[-1][1])

    def _continue(self, node: ast.Continue) -> None:  # noqa: ARG002 - the same
        self.builder.branch(self._loops[-1][0])

    def _for_range(
        self, name: str, ends: list[ast.expr], body: Sequence[ast.stmt]
    ) -> None:
        to = self._operators.to
        first, end = [constant(0), *map(self._expressions.visit, ends)][-2:]
        mark = f"{name} {len(self._loops)}"
        counter = f"the next of {mark}"
        self._names.store(counter, to(first, Kind.WHOLE))
        self._names.store(f"the end of {mark}", to(end, Kind.WHOLE))
        again, inside, step, after = (
            self.builder.append_basic_block() for _ in range(4)
        )
        self.builder.branch(again)
        self.builder.position_at_end(again)
        now = self._known(counter)
        is_within = self.builder.icmp_signed(
            "<", now, self._known(f"the end of {mark}")
        )
        self.builder.cbranch(is_within, inside, after)
        self.builder.position_at_end(inside)
        self._names.store(name, Value(now, Kind.WHOLE))
        self._loops.append((step, after))
        self._goes_on_at(step, body)
        self._loops.pop()
        self.builder.position_at_end(step)
        following = self.builder.add(self._known(counter), ir.Constant(I64, 1))
        self._names.store(counter, Value(following, Kind.WHOLE))
        self.builder.branch(again)
        self.builder.position_at_end(after)

    def _known(self, name: str) -> Any:
        value = self._names.load(name)
        assert value is not None, f"{name} has a value"
        return value.code

    def _for_each(
        self, name: str, parts: list[ast.expr], body: Sequence[ast.stmt]
    ) -> None:
        after = self.builder.append_basic_block()
        for part in parts:
            step = self.builder.append_basic_block()
            self._names.store(name, self._expressions.visit(part))
            self._loops.append((step, after))
            self._goes_on_at(step, body)
            self._loops.pop()
            self.builder.position_at_end(step)
        self.builder.branch(after)
        self.builder.position_at_end(after)
