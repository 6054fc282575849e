"""Timer lag: by how much timers of the testbed fire late."""

from simcoalesce.validation.host_layers import Series


class TimerLag:
    """By how much the origin and the KV store answered later than they should have."""

    def __init__(self) -> None:
        self._noted: list[tuple[int, int]] = []

    def note(self, should_ns: int, did_ns: int) -> None:
        """Note one answer."""
        self._noted.append((did_ns, did_ns - should_ns))

    @property
    def series(self) -> Series:
        """When each was noted, and what, in model time; a single 0 if nothing was."""
        return tuple(sorted(self._noted)) or ((0, 0),)
