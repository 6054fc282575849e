"""Answers that may not be stored."""

from typing import ClassVar

from simcoalesce.explain.causes.cause import Cause


class Uncacheable(Cause):
    """Every request of the key fetches, however many come."""

    label: ClassVar[str] = "answers may not be stored"
    precedence: ClassVar[float] = 0
