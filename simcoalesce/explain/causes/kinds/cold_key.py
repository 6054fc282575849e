"""Cold keys."""

from typing import ClassVar

from simcoalesce.explain.causes.cause import Cause


class ColdKey(Cause):
    """The run with stores that hold all keys from the start has no first miss."""

    label: ClassVar[str] = "nothing is stored when the first request comes"
    precedence: ClassVar[float] = 5
