"""Operators: arithmetic and comparisons, as Python and numpy have them."""

import ast
from collections.abc import Callable
from typing import Any, Final

from llvmlite import ir

from simcoalesce.compiled.compiler.kind import (
    F64,
    I64,
    Kind,
    Kinds,
    Value,
    is_record,
    said,
)
from simcoalesce.compiled.record import NOBODY

_SIGNS: Final[dict[type[ast.cmpop], str]] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}
_Emitted = dict[type[ast.operator], str]
_OF_BITS: Final[_Emitted] = {
    ast.BitAnd: "and_",
    ast.BitOr: "or_",
    ast.BitXor: "xor",
}
_OF_WHOLES: Final[_Emitted] = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.LShift: "shl",
    ast.RShift: "ashr",
    **_OF_BITS,
}
_EMITTED: Final[dict[Kind, _Emitted]] = {
    Kind.WHOLE: _OF_WHOLES,
    Kind.WORD: {
        **_OF_WHOLES,
        ast.FloorDiv: "udiv",
        ast.Mod: "urem",
        ast.RShift: "lshr",
    },
    Kind.FLOAT: {
        ast.Add: "fadd",
        ast.Sub: "fsub",
        ast.Mult: "fmul",
        ast.Div: "fdiv",
    },
}
"""What the builder calls the operators of each kind."""
ZERO: Final = ir.Constant(I64, 0)


class Operators:
    """Emits operators where a builder stands.

    Raises:
        TypeError: In each method: if these kinds do not go together.
    """

    def __init__(self, builder: ir.IRBuilder) -> None:
        self.builder = builder

    def to(self, value: Value, kind: Kinds) -> Value:
        """Return a value as another kind, as Python does it by itself."""
        match value.kind, kind:
            case (one, other) if one == other:
                return value
            case Kind.TRUTH, Kind.WHOLE:
                return Value(self.builder.zext(value.code, I64), kind)
            case Kind.WHOLE, Kind.FLOAT:
                return Value(self.builder.sitofp(value.code, F64), kind)
            case Kind.TRUTH, Kind.FLOAT:
                return Value(self.builder.uitofp(value.code, F64), kind)
        if is_record(value.kind) and is_record(kind) and issubclass(value.kind, kind):
            return Value(value.code, kind)
        raise TypeError(f"{said(value.kind)} does not become {said(kind)}")

    def truth(self, value: Value) -> Any:
        """Return whether a value counts as true."""
        match value.kind:
            case Kind.TRUTH:
                return value.code
            case Kind.WHOLE | Kind.WORD:
                return self.builder.icmp_signed("!=", value.code, ZERO)
        if is_record(value.kind):
            at = self.builder.extract_value(value.code, 1)
            return self.builder.icmp_signed("!=", at, ir.Constant(I64, NOBODY))
        raise TypeError(f"{said(value.kind)} is neither true nor false")

    def together(self, left: Value, right: Value) -> tuple[Value, Value, Kind]:
        """Return two numbers as one kind: a float if one is, else whole numbers."""
        kinds = {left.kind, right.kind}
        if Kind.WORD in kinds:
            kind = Kind.WORD
        else:
            kind = Kind.FLOAT if Kind.FLOAT in kinds else Kind.WHOLE
        return self.to(left, kind), self.to(right, kind), kind

    def binary(self, sign: ast.operator, left: Value, right: Value) -> Value:
        """Return what an operator makes of two numbers."""
        if type(sign) in _OF_BITS and left.kind is right.kind is Kind.TRUTH:
            return Value(self._emit(_OF_BITS, sign, left, right), Kind.TRUTH)
        left, right, kind = self.together(left, right)
        if isinstance(sign, ast.Div):
            left, right = self.to(left, Kind.FLOAT), self.to(right, Kind.FLOAT)
            kind = Kind.FLOAT
        match kind, sign:
            case Kind.WHOLE, ast.FloorDiv():
                code = self._floor_div(left.code, right.code)
            case Kind.WHOLE, ast.Mod():
                code = self._modulo(left.code, right.code)
            case _:
                code = self._emit(_EMITTED[kind], sign, left, right)
        return Value(code, kind)

    def _emit(
        self,
        names: _Emitted,
        sign: ast.operator,
        left: Value,
        right: Value,
    ) -> Any:
        name = names.get(type(sign))
        if name is None:
            raise TypeError(f"{said(left.kind)} has no {type(sign).__name__}")
        emit: Callable[[Any, Any], Any] = getattr(self.builder, name)
        return emit(left.code, right.code)

    def _floor_div(self, left: Any, right: Any) -> Any:
        quotient = self.builder.sdiv(left, right)
        is_above = self._has_other_sign(self.builder.srem(left, right), right)
        return self.builder.sub(quotient, self.builder.zext(is_above, I64))

    def _modulo(self, left: Any, right: Any) -> Any:
        rest = self.builder.srem(left, right)
        more = self.builder.select(self._has_other_sign(rest, right), right, ZERO)
        return self.builder.add(rest, more)

    def _has_other_sign(self, rest: Any, divisor: Any) -> Any:
        """Return whether a rest is on the other side of 0 than the divisor.

        The processor divides towards 0, Python towards minus infinity.
        """
        is_some = self.builder.icmp_signed("!=", rest, ZERO)
        is_apart = self.builder.icmp_signed("<", self.builder.xor(rest, divisor), ZERO)
        return self.builder.and_(is_some, is_apart)

    def compare(self, sign: ast.cmpop, left: Value, right: Value) -> Value:
        """Return whether a comparison holds."""
        left, right, kind = self.together(left, right)
        if type(sign) not in _SIGNS:
            raise TypeError(f"there is no {type(sign).__name__}")
        written = _SIGNS[type(sign)]
        if kind is Kind.FLOAT:
            holds = self.builder.fcmp_ordered(written, left.code, right.code)
            if isinstance(sign, ast.NotEq):
                holds = self.builder.fcmp_unordered(written, left.code, right.code)
        elif kind is Kind.WORD:
            holds = self.builder.icmp_unsigned(written, left.code, right.code)
        else:
            holds = self.builder.icmp_signed(written, left.code, right.code)
        return Value(holds, Kind.TRUTH)

    def negative(self, value: Value) -> Value:
        """Return minus a number."""
        if value.kind is Kind.FLOAT:
            return Value(self.builder.fneg(value.code), Kind.FLOAT)
        return Value(self.builder.neg(self.to(value, Kind.WHOLE).code), Kind.WHOLE)

    def second(self, left: Value, right: Value, *, sign: str) -> Value:
        """Return the second of two numbers if the first is "<" or ">" than it."""
        left, right, kind = self.together(left, right)
        compare: Callable[..., Any] = {
            Kind.FLOAT: self.builder.fcmp_ordered,
            Kind.WORD: self.builder.icmp_unsigned,
            Kind.WHOLE: self.builder.icmp_signed,
        }[kind]
        is_other = compare(sign, left.code, right.code)
        return Value(self.builder.select(is_other, right.code, left.code), kind)
