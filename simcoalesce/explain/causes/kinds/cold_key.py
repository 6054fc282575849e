"""Cold keys."""

from typing import ClassVar

from typing_extensions import override

from simcoalesce.explain.causes.cause import Cause, Incident
from simcoalesce.explain.origin_facts import origins


class ColdKey(Cause):
    """The run with stores that hold all keys from the start has no first miss."""

    label: ClassVar[str] = "nothing is stored when the first request comes"
    precedence: ClassVar[float] = 5

    @override
    def is_possible(self, incident: Incident) -> bool:
        """Say whether anything could have been stored."""
        return any(
            getattr(one, "cacheable", True) for one in origins(incident.scenario)
        )
