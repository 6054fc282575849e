"""A waiting room before the origin: calls beyond its limit wait for their turn."""

import json
from typing import Any

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.path_edit import insert_queue
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit, Written
from simcoalesce.spec import default
from simcoalesce.units import PositiveDuration, format_duration


class WaitingRoom(Remedy):
    """A limiter with the origin's own limit, for all; who has waited looks once more.

    What has been stored meanwhile answers those who waited. Limits of calls at once
    become a bulkhead.
    """

    label = "waiting room before the origin"
    effort = "component"
    warning = "clients wait in line, and those beyond the wait are refused"
    parameter, strengths = "wait", ("1s", "2s", "5s", "10s", "30s", "1m", "5m", "15m")

    wait_ns: PositiveDuration = default("30s")
    """How long a call waits at most."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        if "origins" in edit.kinds():
            raise DoesNotApply("each of several origins has a limit of its own")
        limits = edit.limits()
        at_once = [one for one in limits if one["kind"] == "concurrency"]
        others = [one for one in limits if one["kind"] != "concurrency"]
        wait = format_duration(self.wait_ns)
        rooms = [_bulkhead(one, wait) for one in at_once]
        if others:
            copied = json.loads(json.dumps(others))
            room = {"rate_limit": copied, "wait": wait, "kept_in": "global"}
            rooms.insert(0, {"limiter": room})
        for room in rooms:
            edit.refuse(next(iter(room)))
        insert_queue(edit, *rooms)
        return f"calls wait for up to {wait}"


def _bulkhead(limit: Written, wait: str) -> dict[str, Any]:
    whose = limit.get("for_each", "origin")
    return {
        "bulkhead": {
            "limit": limit["limit"],
            "for_each": "all" if whose == "origin" else whose,
            "queue_timeout": wait,
            "kept_in": "global",
        }
    }
