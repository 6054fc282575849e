"""Slow writes."""

from typing import ClassVar

from typing_extensions import override

from simcoalesce.explain.causes.cause import Cause, Incident


class SlowWrite(Cause):
    """Until a value can be read, every request misses."""

    label: ClassVar[str] = "a written value is seen late"
    precedence: ClassVar[float] = 6.5

    @override
    def rank(self, incident: Incident) -> float:
        return 3.0 if incident.is_slow("slow_write") else self.precedence
