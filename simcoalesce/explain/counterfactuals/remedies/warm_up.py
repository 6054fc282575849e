"""A warm-up: somebody asks for every key before the sale."""

from typing import Final

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.layer_entry import LayerEntry, everywhere
from simcoalesce.explain.refresh_edit import check_storable, insert_refresh_timer
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit, Written
from simcoalesce.model.scope import Scope
from simcoalesce.spec import default
from simcoalesce.units import PositiveDuration, format_duration, parse_duration

_SUDDEN: Final = ("burst", "flash_crowd", "ramp")
"""Arrivals that a warm-up is for."""
_JUST_STORED: Final = {"keys": "all", "age": "0ms"}


class WarmUp(Remedy):
    """What all share holds every key when the sale begins, each time.

    A sale at the very beginning finds it stored; before a later one a job fetches each
    key once. The job's calls count for the origin's limit.
    """

    label = "warm-up before the sale"
    effort = "code"
    warning = "only keys that are known beforehand can be warmed, and some may expire"

    before_ns: PositiveDuration = default("5s")
    """How long before the sale the job begins."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        sale = _first_sale(edit)
        at_ns, every_ns = (parse_duration(sale[one]) for one in ("at", "every"))
        texts = []
        if at_ns < self.before_ns:
            texts.append(_fill(edit))
            at_ns += every_ns
        lasts_ns = parse_duration(edit.document["duration"])
        if self.before_ns <= at_ns < lasts_ns:
            first_at = format_duration(at_ns - self.before_ns)
            insert_refresh_timer(
                edit,
                every_ns=max(every_ns, self.before_ns) if every_ns else lasts_ns,
                first_at=first_at,
                within_ns=self.before_ns // 2,
            )
            again = f", and every {sale['every']}" if every_ns else ""
            texts.append(f"a job fetches every key at {first_at}{again}")
        return " and ".join(texts)


def _first_sale(edit: ScenarioEdit) -> Written:
    phases = edit.document["traffic"]["arrivals"]
    sudden = [one for one in phases if one["kind"] in _SUDDEN] or phases
    usual = {"at": "0ms", "every": "0ms"}
    return min(
        ({**usual, **one} for one in sudden), key=lambda one: parse_duration(one["at"])
    )


def _fill(edit: ScenarioEdit) -> str:
    """Let stores hold every key when the run begins."""
    stores = [one for one in edit.entries() if one.has("initial")]
    check_storable(edit)
    if not stores:
        raise DoesNotApply("nothing on the path could hold values before the sale")
    reachable = [one for one in stores if _is_reached(one, edit)]
    if not reachable:
        raise DoesNotApply("no job reaches the memory of every isolate")
    return everywhere(
        reachable,
        lambda one: one.change("initial", _JUST_STORED),
        "every key is stored when the sale begins already",
    )


def _is_reached(one: LayerEntry, edit: ScenarioEdit) -> bool:
    """Say whether a job before the sale fills a store for all who ask later."""
    is_of_isolates = one.layer.scope is Scope.ISOLATE and not one.layer.needs_object
    return not is_of_isolates or edit.document["traffic"]["isolates"] == 1
