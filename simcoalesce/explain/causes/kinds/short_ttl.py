"""A ttl that is shorter than the time between requests."""

from typing import ClassVar

from typing_extensions import override

from simcoalesce.explain.causes.cause import Cause, Incident


class ShortTtl(Cause):
    """No value is still there when somebody asks again."""

    label: ClassVar[str] = "values expire before the key is asked for again"
    precedence: ClassVar[float] = 3
    said_as: ClassVar[str] = "expiry"

    @override
    def is_possible(self, incident: Incident) -> bool:
        return incident.expiries == self.kind
