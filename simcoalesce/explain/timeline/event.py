"""Events of a run: what a story is made of."""

from dataclasses import dataclass
from typing import Any, Final

from simcoalesce.plain import plain_fields

_OPTIONAL: Final = ("key", "location", "status", "served_by", "until_s")
"""Fields of an event that are null in its document where it has none."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, and the row that shows it.

    Attributes:
        at_ns: When, from the start of the run.
        kind: One of this package, or of a layer of the path.
        number: Of requests, misses, or calls accepted before; of a change, which.
        evidence: The table and the column that show it.
        calls: Calls of the origin that they made.
        waiting: Requests that wait, or waited, for the fetch of another.
        refused: Calls that the origin refused; of an error, requests that got a 429.
        request: The request of the row; None if it is of none.
        key: Empty where it does not matter.
        location: Empty where it does not matter.
        status: Of the answer; 0 if there is none.
        served_by: The layer that answered; empty if there is none.
        is_late: Whether the request no longer waited for the answer.
        until_ns: When the last of them came, or the last before them (a recovery); 0 if
            that does not matter.
        requests: Of a surge: how many requests arrived meanwhile; of a recovery: how
            many arrived after the last 429; where there is none, how many of them
            got an answer.
        keys: Of a surge: how many keys.
        served_before: Of a surge: how many of the keys had been served there before.
        age_ns: Of a surge: how long ago the keys were fetched before (median); NEVER
            if they were not.
        in_flight: Of a surge: the most calls that were in flight at one instant.
        largest: Of what is not told one by one: how many misses the largest has; of a
            queue: how many waited at once.
        longest_ns: Of a queue: how long one waited at most; 0 if that is not known.
    """

    at_ns: int
    kind: str
    number: int
    evidence: str
    calls: int = 0
    waiting: int = 0
    refused: int = 0
    request: int | None = None
    key: str = ""
    location: str = ""
    status: int = 0
    served_by: str = ""
    is_late: bool = False
    until_ns: int = 0
    requests: int = 0
    keys: int = 0
    served_before: int = 0
    age_ns: int = -1
    in_flight: int = 0
    largest: int = 0
    longest_ns: int = 0

    def document(self) -> dict[str, Any]:
        """Return it as plain values."""
        told = plain_fields(self)
        absent = {name: None for name in _OPTIONAL if not told[name]}
        return {**told, **absent}


def row_event(
    rows: Any, row: int, at_ns: Any, kind: str, number: int, evidence: str, **more: Any
) -> Event:
    """Return what a row of a table shows, at the instant of one of its columns."""
    request = int(rows.request[row])
    return Event(int(at_ns[row]), kind, number, evidence, request=request, **more)
