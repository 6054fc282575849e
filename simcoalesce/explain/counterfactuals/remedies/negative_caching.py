"""Answers that something does not exist, kept for a while."""

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.layer_entry import LayerEntry, everywhere
from simcoalesce.explain.origin_facts import statuses
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit
from simcoalesce.spec import default
from simcoalesce.units import PositiveDuration, format_duration


class KeptAbsence(Remedy):
    """A 404 of the origin is stored, and answers those who follow."""

    label = "404s kept"
    effort = "setting"
    warning = "what has just been made is absent for so long"
    setting = "404s kept for {}"
    parameter, strengths = "lasts", ("1s", "5s", "10s", "30s", "1m", "5m")

    lasts_ns: PositiveDuration = default("30s")
    """How long a 404 is kept."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        stores = edit.entries("error_ttl", called="store with an error_ttl")
        if 404 not in statuses(edit.incident):
            raise DoesNotApply("the origin answers nobody with 404")
        return everywhere(stores, self._keep, "404s are kept for that long already")

    def _keep(self, one: LayerEntry) -> str:
        return one.lengthen_error_ttl("404", format_duration(self.lasts_ns))
