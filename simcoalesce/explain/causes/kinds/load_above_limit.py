"""A load that no cache can bring below the limit."""

from typing import ClassVar

from typing_extensions import override

from simcoalesce.explain.causes.cause import Cause, Incident
from simcoalesce.explain.causes.evidence import MOST


class LoadAboveLimit(Cause):
    """So many keys are asked for that a fetch of each is too much."""

    label: ClassVar[str] = (
        "the load is above the limit, even with every key fetched once only"
    )
    precedence: ClassVar[float] = 2.5

    @override
    def is_possible(self, incident: Incident) -> bool:
        return incident.refused_anyway_ratio >= MOST
