"""Lateness: what the machine adds to the waits of the surroundings."""

from statistics import median


class Lateness:
    """By how much the surroundings answered later than they should have."""

    def __init__(self) -> None:
        self._late_ns: list[int] = []

    def note(self, should_ns: int, did_ns: int) -> None:
        """Note one answer."""
        self._late_ns.append(did_ns - should_ns)

    @property
    def median_ns(self) -> float:
        """The median, in model time."""
        return float(median(self._late_ns)) if self._late_ns else 0.0
