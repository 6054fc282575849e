"""Cached absence."""

from typing import ClassVar

from simcoalesce.explain.causes.cause import Cause


class NegativeCaching(Cause):
    """A location goes on reading that a key is not there."""

    label: ClassVar[str] = "absence is cached, and hides what is written meanwhile"
    precedence: ClassVar[float] = 0
