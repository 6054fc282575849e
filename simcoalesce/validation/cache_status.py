"""Cache-Status: what a target's own code says of the way of an answer."""

from collections.abc import Sequence

from simcoalesce.outcomes import Lookup, Role
from simcoalesce.validation.http import Message
from simcoalesce.validation.target import Trace


def said_trace(message: Message | None, layers: Sequence[str], unknown: str) -> Trace:
    """Return what an answer says, e.g. ``redis; hit; detail=none``.

    Args:
        message: The answer; None if there is none.
        layers: Who may answer.
        unknown: Which of these it was if it says none of them.
    """
    said = message.headers.get("cache-status", "") if message else ""
    name, lookup, detail = (*said.split("; "), "", "", "")[:3]
    role = detail.removeprefix("detail=").upper()
    return Trace(
        layers.index(name if name in layers else unknown),
        Lookup.__members__.get(lookup.upper(), Lookup.MISS),
        Role.__members__.get(role, Role.LEADER),
    )
