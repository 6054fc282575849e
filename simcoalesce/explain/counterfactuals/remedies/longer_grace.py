"""Varnish that serves an expired answer for longer."""

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit
from simcoalesce.spec import default
from simcoalesce.units import PositiveDuration, parse_duration


class LongerGrace(Remedy):
    """``beresp.grace``: an expired answer is served at once, also after a pause."""

    label = "longer grace"

    grace_ns: PositiveDuration = default("1h")
    """How long an answer is served after its TTL."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        cache, grace = edit.layer("waiting_list"), self.document()["grace"]
        before = cache["grace"]
        if parse_duration(before) >= self.grace_ns:
            raise DoesNotApply("the grace is that long already")
        cache["grace"] = grace
        return f"grace {before} → {grace}"
