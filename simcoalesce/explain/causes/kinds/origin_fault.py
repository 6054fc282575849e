"""An origin that fails."""

from typing import ClassVar

from simcoalesce.explain.causes.cause import Cause


class OriginFault(Cause):
    """Its faults answer with errors."""

    label: ClassVar[str] = "the origin fails for a while"
    precedence: ClassVar[float] = 1
