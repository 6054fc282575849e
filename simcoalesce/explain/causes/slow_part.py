"""Slow parts: causes that are a part of the miss window."""

from typing import ClassVar

from typing_extensions import override

from simcoalesce.explain.causes.cause import Cause, Incident


class SlowPart(Cause):
    """Unusual, and named early, where the part is most of the miss window."""

    label: ClassVar[str]
    precedence: ClassVar[float] = 6.5

    @override
    def rank(self, incident: Incident) -> float:
        return 3.0 if incident.is_slow(self.kind) else self.precedence
