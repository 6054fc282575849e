"""A store that is too small."""

from typing import ClassVar

from simcoalesce.explain.causes.cause import Cause


class Eviction(Cause):
    """Values go before they expire."""

    label: ClassVar[str] = "the store holds fewer values than keys are asked for"
    precedence: ClassVar[float] = 0.5
