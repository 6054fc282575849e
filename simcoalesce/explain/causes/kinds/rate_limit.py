"""A rate limit."""

from typing import ClassVar

from typing_extensions import override

from simcoalesce.explain.causes.cause import Cause, Incident
from simcoalesce.explain.causes.evidence import MOST


class RefusingLimit(Cause):
    """Without it the origin would carry the calls."""

    label: ClassVar[str] = "the origin's limit refuses calls that a cache could spare"
    precedence: ClassVar[float] = 8

    @override
    def is_possible(self, incident: Incident) -> bool:
        return incident.refused_anyway_ratio < MOST
