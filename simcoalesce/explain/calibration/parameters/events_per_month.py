"""How often it happens in the month of the bill."""

from typing_extensions import override

from simcoalesce.explain.calibration.parameter import Clause, Factor
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit, Written


class EventsPerMonth(Factor):
    """The number of such events in a month, times a factor."""

    key = "month.events"
    is_of_bills = True

    @override
    def adjust(self, edit: ScenarioEdit, setting: float) -> Clause:
        month = _month(edit)
        month["events"] = max(round(month["events"] * setting), 1)
        times = f"{month['events']:,}"
        return Clause("it happened {} that month", times, " times")

    @override
    def unit(self, edit: ScenarioEdit) -> float:
        return float(_month(edit)["events"])


def _month(edit: ScenarioEdit) -> Written:
    month: Written | None = edit.document.get("month")
    if not month or "events" not in month:
        raise DoesNotApply("the scenario does not say how often it happens")
    return month
