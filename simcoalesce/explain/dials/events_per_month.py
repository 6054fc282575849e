"""How often it happened in the month of the bill."""

from typing import ClassVar, Literal

from typing_extensions import override

from simcoalesce.explain.dial import Factor
from simcoalesce.explain.draft import DoesNotApply, Draft


class EventsPerMonth(Factor):
    """The number of such events in a month, times a factor."""

    key: ClassVar[str] = "month.events"

    kind: Literal["events_per_month"] = "events_per_month"

    @override
    def turn(self, draft: Draft, setting: float) -> str:
        month = draft.document.get("month")
        if not month or "events" not in month:
            raise DoesNotApply("the scenario does not say how often it happens")
        month["events"] = max(round(month["events"] * setting), 1)
        return f"it happened {month['events']:,} times that month"
