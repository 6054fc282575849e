"""Ended values: causes that are one way in which what was stored ends."""

from typing import ClassVar

from typing_extensions import override

from simcoalesce.explain.causes.cause import Cause, Incident


class EndedValue(Cause):
    """Possible where most values ended in this way; a ttl without end takes it out."""

    label: ClassVar[str]
    precedence: ClassVar[float]
    said_as: ClassVar[str] = "expiry"

    @override
    def is_possible(self, incident: Incident) -> bool:
        return incident.expiries == self.kind
