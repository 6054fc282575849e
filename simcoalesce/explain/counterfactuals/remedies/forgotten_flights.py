"""Flights that nobody joins once they are old."""

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.layer_entry import everywhere
from simcoalesce.explain.origin_facts import fetch_ns
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit
from simcoalesce.spec import default
from simcoalesce.units import PositiveDuration, format_duration


class ForgottenFlights(Remedy):
    """Who comes when a fetch is old begins another (Go's ``Forget``)."""

    label = "old flights forgotten"
    effort = "code"
    warning = "an origin that is slow under load gets a call each time"
    setting = "flights forgotten after {}"
    parameter, strengths = "after", ("30s", "10s", "5s", "2s", "1s", "500ms")

    after_ns: PositiveDuration = default("1s")
    """How old a fetch may be when others join it."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        after = format_duration(self.after_ns)
        maps = edit.entries("forget_after", called="map of fetches in flight")
        if fetch_ns(edit.incident) >= self.after_ns:
            raise DoesNotApply(f"a fetch takes longer than {after}")
        return everywhere(
            maps,
            lambda one: one.shorten("forget_after", after),
            "flights are forgotten as early already",
        )
