"""How much the origin admitted."""

from typing import ClassVar, Literal

from typing_extensions import override

from simcoalesce.explain.dial import Factor
from simcoalesce.explain.draft import Draft
from simcoalesce.explain.fixes.higher_limit import HigherLimit


class Quota(Factor):
    """Every rate limit of the origin, times a factor."""

    key: ClassVar[str] = "origin.rate_limit"

    kind: Literal["quota"] = "quota"

    @override
    def turn(self, draft: Draft, setting: float) -> str:
        HigherLimit(factor=setting).apply(draft)
        return f"the origin's limit was {draft.limit_text()}"
