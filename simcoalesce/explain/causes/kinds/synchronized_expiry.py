"""Expiry of many keys at one time."""

from typing import ClassVar

from simcoalesce.explain.causes.ended_value import EndedValue


class SynchronizedExpiry(EndedValue):
    """What was stored together ends together."""

    label: ClassVar[str] = "the values of many keys expire together"
    precedence: ClassVar[float] = 3
