"""A queue at the origin."""

from typing import ClassVar

from simcoalesce.explain.causes.cause import Cause


class OriginQueue(Cause):
    """It serves so many calls at once, and no more."""

    label: ClassVar[str] = "calls wait for a server of the origin"
    precedence: ClassVar[float] = 6.2
