"""Expiry."""

from typing import ClassVar

from simcoalesce.explain.causes.ended_value import EndedValue


class Expiry(EndedValue):
    """The next request after a ttl finds nothing."""

    label: ClassVar[str] = "stored values expire while the keys are asked for"
    precedence: ClassVar[float] = 4
