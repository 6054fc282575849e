"""Propagation."""

from typing import ClassVar

from simcoalesce.explain.causes.cause import Cause


class Propagation(Cause):
    """Each location fetches until it sees what others have written."""

    label: ClassVar[str] = "what one location writes comes late to the others"
    precedence: ClassVar[float] = 1.8
