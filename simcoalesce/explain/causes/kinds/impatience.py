"""Time-outs."""

from typing import ClassVar

from typing_extensions import override

from simcoalesce.explain.causes.cause import Cause, Incident


class Impatience(Cause):
    """Nobody waits longer than so long."""

    label: ClassVar[str] = "clients give up before the answer comes"
    precedence: ClassVar[float] = 8

    @override
    def rank(self, incident: Incident) -> float:
        """Return it; a time-out that ends before a usual fetch does is a defect."""
        path = incident.scenario.path
        usual_ns = incident.usual_fetch_ns
        patience = (one.patience_ns for one in path if self.kind in one.causes())
        is_short = any(one is not None and one < usual_ns for one in patience)
        return 0.5 if is_short else self.precedence
