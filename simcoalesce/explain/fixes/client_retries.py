"""Clients that ask again when they are refused."""

from typing import ClassVar, Literal

from typing_extensions import override

from simcoalesce.explain.draft import Draft
from simcoalesce.explain.fix import Fix
from simcoalesce.spec import default
from simcoalesce.units import Duration, PositiveCount


class ClientRetries(Fix):
    """Up to two more attempts, with exponential backoff and full jitter."""

    label: ClassVar[str] = "clients retry twice"

    kind: Literal["client_retries"] = "client_retries"
    attempts: PositiveCount = 3
    """Attempts in all."""
    backoff_ns: Duration = default("200ms")
    """Longest wait before the second attempt; doubled before the third."""

    @override
    def apply(self, draft: Draft) -> str:
        draft.refuse("retry")
        written = self.document()
        parameters = {name: written[name] for name in ("attempts", "backoff")}
        draft.path.insert(0, {"retry": parameters})
        return f"up to {self.attempts} attempts, backoff {written['backoff']}"
