"""Expiry of many keys at one time."""

from typing import ClassVar

from typing_extensions import override

from simcoalesce.explain.causes.cause import Cause, Incident


class SynchronizedExpiry(Cause):
    """What was stored together ends together."""

    label: ClassVar[str] = "the values of many keys expire together"
    precedence: ClassVar[float] = 3
    said_as: ClassVar[str] = "expiry"

    @override
    def is_possible(self, incident: Incident) -> bool:
        return incident.expiries == self.kind
