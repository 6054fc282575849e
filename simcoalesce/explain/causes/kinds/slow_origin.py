"""A slow origin."""

from typing import ClassVar

from typing_extensions import override

from simcoalesce.explain.causes.cause import Cause, Incident


class SlowOrigin(Cause):
    """Until it answers, every request misses."""

    label: ClassVar[str] = "the origin takes long to answer"
    precedence: ClassVar[float] = 6.5

    @override
    def rank(self, incident: Incident) -> float:
        return 3.0 if incident.is_slow("slow_origin") else self.precedence
