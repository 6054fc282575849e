"""Load control."""

from typing import ClassVar

from simcoalesce.explain.causes.cause import Cause


class LoadControlRefuses(Cause):
    """A limiter, breaker, bulkhead or the like refuses."""

    label: ClassVar[str] = "load control refuses requests"
    precedence: ClassVar[float] = 8
