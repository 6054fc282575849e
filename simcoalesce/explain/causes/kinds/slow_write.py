"""Slow writes."""

from typing import ClassVar

from simcoalesce.explain.causes.slow_part import SlowPart


class SlowWrite(SlowPart):
    """Until a value can be read, every request misses."""

    label: ClassVar[str] = "a written value is seen late"
