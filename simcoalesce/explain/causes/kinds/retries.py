"""Repeated requests."""

from typing import ClassVar

from simcoalesce.explain.causes.cause import Cause


class Retries(Cause):
    """Each refusal brings further calls."""

    label: ClassVar[str] = "clients repeat requests that fail or wait"
    precedence: ClassVar[float] = 0
