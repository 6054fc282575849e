"""A leader that leaves."""

from typing import ClassVar

from simcoalesce.explain.causes.cause import Cause


class CancelledLeader(Cause):
    """The fetch that others wait for is bound to one client."""

    label: ClassVar[str] = (
        "a fetch ends with the client that began it, and all who wait fail"
    )
    precedence: ClassVar[float] = 0
