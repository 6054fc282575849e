"""A time-out around the fetch from the origin."""

from math import ceil

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.origin_facts import fetch_ns, is_unsteady
from simcoalesce.explain.path_edit import insert_before_origin
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit
from simcoalesce.explain.written_values import length_ns
from simcoalesce.units import NS_PER_S, PositiveDuration, format_duration


class FetchTimeout(Remedy):
    """A fetch that takes too long is given up (504), and frees all who wait for it."""

    label = "time-out of the fetch"
    effort = "code"
    warning = "the origin works on; who was given up may ask again"
    parameter, strengths = "after", ("30s", "20s", "10s", "5s", "3s", "2s", "1s")

    after_ns: PositiveDuration | None = None
    """After how long; if absent, ten times as long as a fetch takes, a second at
    least."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        if not is_unsteady(edit.incident):
            raise DoesNotApply("all calls of the origin take as long")
        usual_ns = ceil(10 * fetch_ns(edit.incident) / NS_PER_S) * NS_PER_S
        after_ns = self.after_ns or usual_ns
        behind = edit.path[-2:-1]
        now = [one["timeout"]["after"] for one in behind if "timeout" in one]
        if now and length_ns(now[0]) <= after_ns:
            raise DoesNotApply("a fetch is given up as early already")
        after = format_duration(after_ns)
        insert_before_origin(edit, {"timeout": {"after": after, "cancels": True}})
        return f"a fetch is given up after {after}"
