"""An origin that is slow for a while."""

from typing import ClassVar

from simcoalesce.explain.causes.cause import Cause


class SlowSpell(Cause):
    """Its faults make answers late."""

    label: ClassVar[str] = "the origin is slow for a while"
    precedence: ClassVar[float] = 1
