"""Expiry."""

from typing import ClassVar

from typing_extensions import override

from simcoalesce.explain.causes.cause import Cause, Incident


class Expiry(Cause):
    """The next request after a ttl finds nothing."""

    label: ClassVar[str] = "stored values expire while the keys are asked for"
    precedence: ClassVar[float] = 4

    @override
    def is_possible(self, incident: Incident) -> bool:
        return incident.expiries == self.kind
