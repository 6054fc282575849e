"""Refused writes."""

from typing import ClassVar

from simcoalesce.explain.causes.cause import Cause


class RefusedWrites(Cause):
    """A limit on the writes of one key, e.g. one a second."""

    label: ClassVar[str] = "the store refuses writes of a key that was just written"
    precedence: ClassVar[float] = 0
