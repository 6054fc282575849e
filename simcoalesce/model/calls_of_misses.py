"""Calls of misses: what a layer says of how many calls the misses behind it make."""

from typing import Literal


class CallsOfMisses:
    """What the closed form asks of a layer besides its waits; sentences are parts."""

    @property
    def found_at(self) -> Literal["one location", "several", "all"]:
        """Where what it keeps is found by others."""
        return "one location"

    @property
    def calls_of_a_miss(self) -> int:
        """How many calls behind it a request makes, whatever it finds there."""
        return 1

    @property
    def rounds(self) -> int:
        """How many of these a request makes one after the other."""
        return 1

    @property
    def more_calls(self) -> str:
        """Why misses may make more calls than rate and miss window say, in words."""
        return ""

    @property
    def fewer_calls(self) -> str:
        """Why misses may make fewer calls than that, in words."""
        return ""

    @property
    def displaces(self) -> bool:
        """Whether an answer that comes takes away the one that is stored."""
        return False

    @property
    def patience_ns(self) -> int | None:
        """How long a request waits there for a fetch; None if without limit."""
        return None

    @property
    def shared_for_ns(self) -> int | None:
        """How long misses share a fetch at most; None if to its end."""
        return None

    @property
    def is_for_cold_keys(self) -> bool:
        """Whether misses do not share the fetch of what has expired."""
        return False

    @property
    def keeps_absence(self) -> bool:
        """Whether it goes on reading absence, whatever is put there meanwhile."""
        return False
