"""Notes of what happens in layers: only the run that a story tells keeps any."""

from collections.abc import Callable

from typing_extensions import override

from simcoalesce.outcomes import Noted


class Note:
    """Note of a kind of event, which an ordinary run does not keep."""

    __slots__ = ()

    def happened(self, most: int = 0) -> None:
        """Note that it happens now.

        Args:
            most: What goes with it, e.g. how many wait; the largest is kept.
        """

    def took(self, duration_ns: int) -> None:
        """Note how long one that happened has taken; the longest is kept."""


class KeptNote(Note):
    """Note of a kind of event, with its instants."""

    __slots__ = ("_now_ns", "noted")

    def __init__(self, now_ns: Callable[[], int]) -> None:
        self._now_ns = now_ns
        self.noted: Noted | None = None

    @override
    def happened(self, most: int = 0) -> None:
        now_ns = self._now_ns()
        before = self.noted or Noted(now_ns, now_ns, 0)
        self.noted = before._replace(
            last_at_ns=now_ns, number=before.number + 1, most=max(before.most, most)
        )

    @override
    def took(self, duration_ns: int) -> None:
        if self.noted is not None and duration_ns > self.noted.longest_ns:
            self.noted = self.noted._replace(longest_ns=duration_ns)


UNKEPT = Note()
