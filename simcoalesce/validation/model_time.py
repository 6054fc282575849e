"""Model time: a wall clock that runs slower, so that the machine is never the limit."""

import asyncio
from time import perf_counter_ns, time_ns
from typing import Final

from simcoalesce.units import NS_PER_S

_SHORTEST_SLEEP_S: Final = 0.0002


class ModelTime:
    """The scenario's clock; one second of it takes `scale` real seconds."""

    def __init__(self, scale: float) -> None:
        self.scale = scale
        self._began_ns = perf_counter_ns()

    def begin(self, in_s: float, clock_offset_ns: int | None = None) -> None:
        """Let t = 0 be so many real seconds from now.

        Args:
            in_s: The real seconds.
            clock_offset_ns: How far t = 0 must be from the last whole second of the
                wall clock, in real nanoseconds: it is up to a second later, then.
        """
        self._began_ns = perf_counter_ns() + round(in_s * NS_PER_S)
        if clock_offset_ns is not None:
            self._began_ns += (clock_offset_ns - self.clock_offset_ns) % NS_PER_S

    @property
    def clock_offset_ns(self) -> int:
        """How far t = 0 is from the last whole second of the wall clock, in real ns."""
        wall_ns = time_ns() - (perf_counter_ns() - self._began_ns)
        return wall_ns % NS_PER_S

    def now_ns(self) -> int:
        """Return the instant; negative before t = 0."""
        return round((perf_counter_ns() - self._began_ns) / self.scale)

    async def until(self, at_ns: int) -> None:
        """Sleep until an instant; never wake before it."""
        while (left_s := (at_ns - self.now_ns()) * self.scale / NS_PER_S) > 0:
            await asyncio.sleep(max(left_s, _SHORTEST_SLEEP_S))

    def model_ns(self, real_ns: float) -> int:
        """Return the model time that passes in a real duration."""
        return round(real_ns / self.scale)
