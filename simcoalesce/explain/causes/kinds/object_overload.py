"""An object beyond its capacity."""

from typing import ClassVar

from simcoalesce.explain.causes.cause import Cause


class ObjectOverload(Cause):
    """All requests of its keys queue in one thread."""

    label: ClassVar[str] = "an object is asked for more than it can serve"
    precedence: ClassVar[float] = 0
