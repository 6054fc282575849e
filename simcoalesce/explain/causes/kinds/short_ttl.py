"""A ttl that is shorter than the time between requests."""

from typing import ClassVar

from simcoalesce.explain.causes.ended_value import EndedValue


class ShortTtl(EndedValue):
    """No value is still there when somebody asks again."""

    label: ClassVar[str] = "values expire before the key is asked for again"
    precedence: ClassVar[float] = 3
