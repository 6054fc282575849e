"""Errors that are kept for a moment, so that not everybody asks a failing origin."""

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.layer_entry import LayerEntry, everywhere
from simcoalesce.explain.origin_facts import statuses
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit
from simcoalesce.spec import default
from simcoalesce.units import PositiveDuration, format_duration


class ErrorCaching(Remedy):
    """A refusal or a failure of the origin is stored, and answers those who follow."""

    label = "errors kept for a moment"
    effort = "setting"
    warning = "clients get errors for so long after the origin is well again"
    setting = "errors kept for {}"
    parameter, strengths = "lasts", ("1s", "2s", "5s", "10s", "30s")

    lasts_ns: PositiveDuration = default("1s")
    """How long an error is kept."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        stores = edit.entries("error_ttl", called="store with an error_ttl")
        answered = statuses(edit.incident)
        is_failing = any(status >= 500 for status in answered)
        named = (("429", 429 in answered), ("5xx", is_failing))
        names = [name for name, is_answered in named if is_answered]
        if not names:
            raise DoesNotApply("the origin answers nobody with an error")
        lasts = format_duration(self.lasts_ns)

        def keep(one: LayerEntry) -> str:
            texts = (one.lengthen_error_ttl(name, lasts) for name in names)
            return " and ".join(filter(None, texts))

        return everywhere(stores, keep, "errors are kept for that long already")
