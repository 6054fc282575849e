"""The wall clock at the start of the run."""

from datetime import UTC, datetime
from typing import ClassVar

from typing_extensions import override

from simcoalesce.fit.estimator import Estimator
from simcoalesce.fit.fitted_value import FittedValue, FittedValues
from simcoalesce.logs.log import Log
from simcoalesce.units import NS_PER_S


class WallClock(Estimator):
    """Where t = 0 of the scenario lies: at the start of the first request."""

    precedence: ClassVar[int] = 0
    tells: ClassVar[str] = "the wall clock"

    @override
    def estimate(self, log: Log, so_far: FittedValues) -> FittedValue | None:
        if not log.is_wall_clock:
            return None
        start = datetime.fromtimestamp(int(log.at_ns[0]) / NS_PER_S, UTC)
        written = start.isoformat(timespec="milliseconds")
        return FittedValue(
            self.kind,
            {"starts_at": written},
            "start of the first request",
            events=len(log.at_ns),
            result=int(log.at_ns[0]),
        )
