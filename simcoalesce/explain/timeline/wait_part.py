"""A part of a wait: what was waited for, where, and what came of it."""

from dataclasses import dataclass
from typing import Any

from simcoalesce.plain import plain_fields
from simcoalesce.units import NS_PER_S


@dataclass(frozen=True)
class WaitPart:
    """A part of a wait: what was waited for, and how long.

    Attributes:
        name: What was waited for, e.g. "KV write".
        layer: The layer in which it was, as the path calls it; several of a kind are
            numbered.
        attempt: In which attempt, from 1 on; a back-off is in the one before it.
        asked_by: The layer that made this attempt, if it is not the first.
        from_ns: When it began.
        until_ns: When it ended.
        outcome: What ended it: "miss", "hit", "stale" or "shared" (the answer to the
            fetch of another), "stopped" (it was still under way when somebody gave
            up), "answered", or empty if the next part follows from it.
        status: The status of the answer that came at its end, if one did.
        fetched_by: The request for whose fetch it waited, if it did so.
        parts: Those of that fetch, meanwhile.
    """

    name: str
    layer: str
    attempt: int
    asked_by: str
    from_ns: int
    until_ns: int
    outcome: str = ""
    status: int | None = None
    fetched_by: int | None = None
    parts: "tuple[WaitPart, ...]" = ()

    @property
    def length_ns(self) -> int:
        """How long it took."""
        return self.until_ns - self.from_ns

    def document(self) -> dict[str, Any]:
        """Return it as plain values; instants and its length in seconds."""
        return {**plain_fields(self), "length_s": self.length_ns / NS_PER_S}
