"""TTLs that differ, so that many keys do not expire together."""

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit, Written
from simcoalesce.spec import default
from simcoalesce.units import Ratio, format_ratio


class JitteredTtl(Remedy):
    """Each entry has a TTL that is shorter or longer by a random share."""

    label = "jittered TTL"
    parameter, strengths = "jitter", tuple(f"{5 * step}%" for step in range(1, 20))

    jitter_ratio: Ratio = default("20%")
    """The largest share."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        write = edit.layer("kv.write")
        traffic = edit.document["traffic"]
        phases = [traffic, *traffic["arrivals"]]
        if not any(map(_may_have_many_keys, phases)):
            raise DoesNotApply("there is one key only, so no keys expire together")
        write["ttl_jitter"] = format_ratio(self.jitter_ratio)
        return f"TTLs up to {write['ttl_jitter']} shorter or longer"


def _may_have_many_keys(phase: Written) -> bool:
    """Say whether a phase has several keys, or takes them from a log."""
    keys = phase.get("keys", {"kind": "one"})["kind"]
    return phase.get("kind") == "replay" or keys != "one"
