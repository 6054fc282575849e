"""Records in kernels: where their fields are, and what is read and written there."""

from typing import Any

from llvmlite import ir

from simcoalesce.compiled.compiler.kind import (
    F64,
    I64,
    RECORD,
    Kind,
    Kinds,
    Value,
    is_record,
    said,
)
from simcoalesce.compiled.compiler.operators import ZERO, Operators
from simcoalesce.compiled.kernel import Word
from simcoalesce.compiled.record import Field, Record, fields_of


class Records:
    """Emits what is done with records where a builder stands.

    Raises:
        TypeError: In each method: if a value is no record, or has no such field.
    """

    def __init__(self, operators: Operators) -> None:
        self._operators = operators
        self._builder = operators.builder

    def made(self, kind: type[Record], memory: Value, at: Value) -> Value:
        """Return the record that begins at an address."""
        return self._record(kind, self.memory(memory), at.code)

    def memory(self, value: Value) -> Any:
        """Return the memory of numbers or of a record."""
        if value.kind is Kind.NUMBERS:
            return value.code
        if is_record(value.kind):
            return self._builder.extract_value(value.code, 0)
        raise TypeError(f"{said(value.kind)} has no memory")

    def read(self, record: Value, name: str) -> Value:
        """Return a field of a record, its address or its memory."""
        if name == "at":
            return Value(self._at(record), Kind.WHOLE)
        if name == "numbers":
            return Value(self.memory(record), Kind.NUMBERS)
        field = self._field(record, name)
        if is_record(field.kind) and not field.is_link:
            at = self._builder.add(self._at(record), ir.Constant(I64, field.offset))
            return self._record(field.kind, self.memory(record), at)
        number = self._builder.load(self.address(record, field.offset))
        if is_record(field.kind):
            return self._record(field.kind, self.memory(record), number)
        return self._value(number, field)

    def _value(self, number: Any, field: Field) -> Value:
        """Return what the 64 bits of a field are."""
        if field.kind is bool:
            return Value(self._builder.icmp_signed("!=", number, ZERO), Kind.TRUTH)
        if field.kind is float:
            return Value(self._builder.bitcast(number, F64), Kind.FLOAT)
        return Value(number, Kind.WORD if field.kind is Word else Kind.WHOLE)

    def write(self, record: Value, name: str, value: Value) -> None:
        """Write a field of a record; an embedded record is copied."""
        field = self._field(record, name)
        if is_record(field.kind) and not field.is_link:
            value = self._operators.to(value, field.kind)
            for column in range(field.width):
                number = self._builder.load(self.address(value, column))
                target = self.address(record, field.offset + column)
                self._builder.store(number, target)
            return
        number = self._number(value, field)
        self._builder.store(number, self.address(record, field.offset))

    def _number(self, value: Value, field: Field) -> Any:
        """Return the 64 bits of a value as a field keeps them."""
        if is_record(field.kind):
            return self._at(self._operators.to(value, field.kind))
        if field.kind is float:
            number = self._operators.to(value, Kind.FLOAT).code
            return self._builder.bitcast(number, I64)
        if field.kind is Word:
            return self._operators.to(value, Kind.WORD).code
        if field.kind is bool:
            value = Value(self._operators.truth(value), Kind.TRUTH)
        return self._operators.to(value, Kind.WHOLE).code

    def _field(self, record: Value, name: str) -> Field:
        if not is_record(record.kind):
            raise TypeError(f"{said(record.kind)} has no fields")
        field = fields_of(record.kind).get(name)
        if field is None:
            raise TypeError(f"{said(record.kind)} has no {name}")
        return field

    def _at(self, record: Value) -> Any:
        return self._builder.extract_value(record.code, 1)

    def address(self, record: Value, offset: int) -> Any:
        """Return the address of a number of a record."""
        begins = self._builder.gep(
            self.memory(record), [self._at(record)], source_etype=I64
        )
        return self._builder.gep(begins, [ir.Constant(I64, offset)], source_etype=I64)

    def _record(self, kind: Kinds, memory: Any, at: Any) -> Value:
        code = ir.Constant(RECORD, ir.Undefined)
        code = self._builder.insert_value(code, memory, 0)
        return Value(self._builder.insert_value(code, at, 1), kind)
