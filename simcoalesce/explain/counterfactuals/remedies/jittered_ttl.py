"""TTLs that differ, so that many keys do not expire together."""

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.layer_entry import LayerEntry, everywhere
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit, Written
from simcoalesce.spec import default
from simcoalesce.units import Ratio, format_ratio, parse_ratio


class JitteredTtl(Remedy):
    """Each entry has a TTL that is shorter or longer by a random share."""

    label = "jittered TTL"
    effort = "code"
    warning = "some values live longer than the TTL says"
    setting = "TTLs up to {} shorter or longer"
    parameter, strengths = "jitter", tuple(f"{5 * step}%" for step in range(1, 20))

    jitter_ratio: Ratio = default("20%")
    """The largest share."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        stores = edit.entries("ttl_jitter", called="store with a ttl_jitter")
        traffic = edit.document["traffic"]
        phases = [traffic, *traffic["arrivals"]]
        if not any(map(_may_have_many_keys, phases)):
            raise DoesNotApply("there is one key only, so no keys expire together")
        return everywhere(
            stores,
            self._vary,
            "TTLs differ as much already",
        )

    def _vary(self, one: LayerEntry) -> str:
        if parse_ratio(one.written["ttl_jitter"]) >= self.jitter_ratio:
            return ""
        return one.change("ttl_jitter", format_ratio(self.jitter_ratio))


def _may_have_many_keys(phase: Written) -> bool:
    """Say whether a phase has several keys, or takes them from a log."""
    keys = (phase.get("keys") or {"kind": "one"})["kind"]
    return phase.get("kind") == "replay" or keys != "one"
