"""A timer that fetches every key anew before it expires."""

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.refresh_edit import insert_refresh_timer, shared_ttl_ns
from simcoalesce.explain.scenario_edit import ScenarioEdit
from simcoalesce.units import format_duration


class TimedRefresh(Remedy):
    """A cron job keeps every key stored, whether somebody asks for it or not."""

    label = "refresh by a timer"
    effort = "code"
    warning = "every key is fetched in every round, asked for or not"

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        every_ns = shared_ttl_ns(edit) * 4 // 5
        insert_refresh_timer(
            edit, every_ns=every_ns, first_at="0ms", within_ns=every_ns // 8
        )
        return f"every key is fetched anew every {format_duration(every_ns)}"
