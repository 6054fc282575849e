"""Records are numbers in memory that have names."""

import numpy as np

from simcoalesce.compiled.record import NOBODY, Link, Record, fields_of


class _Point(Record):
    x: int
    y: int


class _Line(Record):
    start: _Point
    end: _Point
    next: Link["_Line"]


class _Named(_Line):
    name: int


def test_fields_stand_one_behind_the_other() -> None:
    """An embedded record takes as many numbers as it has, a link takes one."""
    offsets = {name: field.offset for name, field in fields_of(_Named).items()}

    assert offsets == {"start": 0, "end": 2, "next": 4, "name": 5}
    assert (_Point.width, _Line.width, _Named.width) == (2, 5, 6)


def test_a_record_is_an_address() -> None:
    """Two of them at one address are of the same numbers."""
    numbers = np.zeros(20, dtype=np.int64)
    line = _Named(numbers, 10)
    line.end.y, line.next = 7, _Named(line, 3)

    assert numbers[13] == 7
    assert (_Line(line, 10).end.y, line.next.at) == (7, 3)


def test_a_record_at_nobody_is_none() -> None:
    """As a link that was never set to another."""
    numbers = np.full(8, NOBODY, dtype=np.int64)

    assert not _Line(numbers, 0).next
