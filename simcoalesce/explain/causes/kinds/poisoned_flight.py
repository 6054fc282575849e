"""A map of fetches in flight that is not cleaned up."""

from typing import ClassVar

from simcoalesce.explain.causes.cause import Cause


class PoisonedFlight(Cause):
    """Who comes later gets the old failure, or the old success."""

    label: ClassVar[str] = "the map of fetches keeps one that has ended"
    precedence: ClassVar[float] = 0
