"""Clients that retry when they are refused."""

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.scenario_edit import ScenarioEdit
from simcoalesce.spec import default
from simcoalesce.units import Duration, PositiveCount


class ClientRetries(Remedy):
    """Up to two more attempts, with exponential backoff and full jitter."""

    label = "clients retry twice"
    effort = "code"
    warning = "retries are more load, most of it when the origin is down"

    attempts: PositiveCount = 3
    """Attempts in all."""
    backoff_ns: Duration = default("200ms")
    """Longest wait before the second attempt; doubled before the third."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        edit.refuse("retry")
        written = self.document()
        parameters = {name: written[name] for name in ("attempts", "backoff")}
        edit.path.insert(0, {"retry": parameters})
        return f"up to {self.attempts} attempts, backoff {written['backoff']}"
