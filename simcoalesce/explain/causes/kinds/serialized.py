"""One queue for all."""

from typing import ClassVar

from simcoalesce.explain.causes.cause import Cause


class Serialized(Cause):
    """A mutex is held during the fetch."""

    label: ClassVar[str] = "requests pass an object one at a time"
    precedence: ClassVar[float] = 0
