"""How often it happens in the month of the bill."""

from typing_extensions import override

from simcoalesce.explain.calibration.parameter import Factor
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit


class EventsPerMonth(Factor):
    """The number of such events in a month, times a factor."""

    key = "month.events"

    @override
    def adjust(self, edit: ScenarioEdit, setting: float) -> str:
        month = edit.document.get("month")
        if not month or "events" not in month:
            raise DoesNotApply("the scenario does not say how often it happens")
        month["events"] = max(round(month["events"] * setting), 1)
        return f"it happened {month['events']:,} times that month"
