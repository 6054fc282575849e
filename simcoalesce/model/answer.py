"""Answers: what comes back along a path."""

from typing import Final, NamedTuple

from simcoalesce.outcomes import Lookup, Role

NOT_SAID: Final = -1
"""For a lifetime of which an answer says nothing."""


class Answer(NamedTuple):
    """What a request gets: whole numbers only, since answers become rows.

    Layers get it when its headers are there; its body may still come.
    """

    status: int
    """HTTP status; 400 and above is an error."""
    lookup: int
    """What the caches had, a `Lookup`."""
    role: int
    """What the miss did, a `Role`."""
    served_by: int
    """Code of the layer or part that made the answer."""
    generated_at_ns: int
    """When the origin made the content, or the error was made."""
    attempts: int = 1
    version: int = 0
    """The origin's version of the content."""
    cacheable: bool = True
    retry_after_ns: int = 0
    """When to come back, for a refusal; 0 if it does not say."""
    complete_at_ns: int = 0
    """When the last byte of its body is there; at once if that is past."""
    max_age_ns: int = NOT_SAID
    """How long it says that it may be stored (Cache-Control: max-age)."""
    stored_at_ns: int = NOT_SAID
    """When the first HTTP cache on its way stored it: its Age counts from then."""

    @property
    def ok(self) -> bool:
        """Whether this is content rather than an error."""
        return self.status < 400

    def as_hit(self, served_by: int, lookup: int = Lookup.HIT) -> "Answer":
        """Return the same content as a cache serves it."""
        return self._replace(
            lookup=lookup, role=Role.NONE, served_by=served_by, attempts=1
        )

    def as_led(self) -> "Answer":
        """Return the answer as the one that opened the flight gets it."""
        return self if self.role else self._replace(role=Role.LEADER)

    def as_followed(self) -> "Answer":
        """Return the answer as one that waited for it gets it."""
        return self._replace(role=Role.FOLLOWER, attempts=1)


ROW_FIELDS: Final = Answer._fields[: Answer._fields.index("complete_at_ns")]
"""What a row holds of an answer: what tells of the way there is left out."""
