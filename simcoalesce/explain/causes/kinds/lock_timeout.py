"""Locks that are too short for the fetch."""

from typing import ClassVar

from simcoalesce.explain.causes.cause import Cause


class LockTimeout(Cause):
    """Who waits stops waiting, and fetches as well."""

    label: ClassVar[str] = "locks give up before the fetch is over"
    precedence: ClassVar[float] = 0
