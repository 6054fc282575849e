"""Records: numbers in memory that have names, the same in Python and in kernels.

A record is declared once, as a class with annotations; a kernel then says ``task.key``.
Each field takes one number of 64 bits, an embedded record as many as it has:

    class Flight(Record):
        until_ns: int
        has_landed: bool
        first: Link["Task"]
        answer: Answer

A record is an address in memory. ``Flight(m, at)`` is the one that begins there, and
one that begins at `NOBODY` is none, which counts as false.
"""

from inspect import get_annotations
from typing import (
    Annotated,
    Any,
    ClassVar,
    Final,
    NamedTuple,
    TypeAlias,
    TypeVar,
    get_args,
    get_type_hints,
)

import numpy as np

from simcoalesce.compiled.kernel import Numbers, Word

R = TypeVar("R", bound="Record")

NOBODY: Final = -1
"""The address of no record."""

_LINK: Final = "link"
Link: TypeAlias = Annotated[R, _LINK]
"""A field that says where another record is."""


class Field(NamedTuple):
    """A field of a record.

    Attributes:
        offset: How many numbers stand before it.
        kind: ``int``, ``bool``, ``float``, ``Word`` or a class of records.
        is_link: Whether it says where a record is; else it is that record.
    """

    offset: int
    kind: Any
    is_link: bool

    @property
    def width(self) -> int:
        """How many numbers it takes."""
        is_embedded = not self.is_link and issubclass(self.kind, Record)
        return int(self.kind.width) if is_embedded else 1


class _Attribute:
    """What reads and writes a field in Python; the compiler emits the same."""

    def __init__(self, name: str, field: Field) -> None:
        self._name = name
        self._offset = field.offset
        self._is_whole = field.kind is int

    def __get__(self, record: "Record | None", owner: type["Record"]) -> Any:
        if record is None:
            raise AttributeError(self._name)
        at = record.at + self._offset
        if self._is_whole:  # as most are: the rest takes longer
            return int(record.numbers[at])
        _, kind, is_link = fields_of(owner)[self._name]
        if issubclass(kind, Record):
            return kind(record.numbers, int(record.numbers[at]) if is_link else at)
        number = record.numbers[at]
        if kind is float:
            return float(np.int64(number).view(np.float64))
        return np.int64(number).view(np.uint64) if kind is Word else kind(number)

    def __set__(self, record: "Record", value: Any) -> None:
        at = record.at + self._offset
        if self._is_whole:
            record.numbers[at] = int(value)
            return
        field = fields_of(type(record))[self._name]
        if isinstance(value, Record) and not field.is_link:
            for column in range(field.width):
                record.numbers[at + column] = value.numbers[value.at + column]
            return
        record.numbers[at] = _as_number(value, field.kind)


def _as_number(value: Any, kind: Any) -> int:
    if isinstance(value, Record):
        return value.at
    if kind is float:
        return int(np.float64(value).view(np.int64))
    if kind is Word:
        return int(np.uint64(value).view(np.int64))
    return int(bool(value) if kind is bool else value)


class Record:
    """Numbers in memory that have names: subclasses annotate their fields.

    Attributes:
        width: How many numbers a record takes.
        numbers: The memory.
        at: Where in it the record begins; NOBODY if there is none.
    """

    width: ClassVar[int] = 0
    own: ClassVar[dict[str, Field]] = {}
    numbers: Numbers
    at: int

    def __init_subclass__(cls) -> None:
        cls.own = {}
        for name, kind in get_annotations(cls).items():
            is_link = _LINK in get_args(kind)
            field = Field(cls.width, Record if is_link else kind, is_link)
            cls.own[name] = field
            cls.width += field.width
            setattr(cls, name, _Attribute(name, field))

    def __init__(self, numbers: "Numbers | Record", at: int) -> None:
        self.numbers = numbers.numbers if isinstance(numbers, Record) else numbers
        self.at = at

    def __bool__(self) -> bool:
        return bool(self.at != NOBODY)


_FIELDS: Final[dict[type[Record], dict[str, Field]]] = {}


def fields_of(kind: type[Record]) -> dict[str, Field]:
    """Return the fields of a class of records by name, those of its bases first."""
    if kind not in _FIELDS:
        _FIELDS[kind] = _found_fields(kind)
    return _FIELDS[kind]


def _found_fields(kind: type[Record]) -> dict[str, Field]:
    # A link may name a class that comes later, so this is not done with the class.
    hints = get_type_hints(kind)
    bases = [one for one in reversed(kind.__mro__) if "own" in vars(one)]
    return {
        name: field._replace(kind=hints[name])
        for one in bases
        for name, field in vars(one)["own"].items()
    }
