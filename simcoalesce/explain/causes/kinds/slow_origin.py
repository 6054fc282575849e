"""A slow origin."""

from typing import ClassVar

from simcoalesce.explain.causes.slow_part import SlowPart


class SlowOrigin(SlowPart):
    """Until it answers, every request misses."""

    label: ClassVar[str] = "the origin takes long to answer"
