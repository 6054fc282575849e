"""A value that is refreshed when it is asked for late in its lifetime."""

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.layer_entry import LayerEntry, everywhere
from simcoalesce.explain.scenario_edit import NoSuchLayer, ScenarioEdit
from simcoalesce.explain.written_values import length_ns, scaled
from simcoalesce.spec import default
from simcoalesce.units import Ratio, format_ratio, parse_ratio


class RefreshBeforeExpiry(Remedy):
    """Who asks late gets the value, and a refresh begins; Redis calls it a soft TTL."""

    label = "refresh ahead of the expiry"
    effort = "code"
    warning = "a key that is asked for seldom expires all the same"
    setting = "a refresh ahead ({})"
    parameter, strengths = "fraction", tuple(f"{5 * n}%" for n in range(19, 5, -1))

    fraction_ratio: Ratio = default("80%")
    """Share of the lifetime after which a value is refreshed."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        stores = [
            one for one in edit.entries() if one.has("refresh_ahead") or _is_soft(one)
        ]
        if not stores:
            raise NoSuchLayer("the path has no layer that can refresh ahead")
        return everywhere(
            stores, self._refresh, "values are refreshed as early already"
        )

    def _refresh(self, one: LayerEntry) -> str:
        fraction = format_ratio(self.fraction_ratio)
        if _is_soft(one):
            soft = scaled(one.written["ttl"], self.fraction_ratio)
            now = one.written.get("soft_ttl") or one.written["ttl"]
            is_earlier = length_ns(soft) < length_ns(now)
            return one.change("soft_ttl", soft) if is_earlier else ""
        ahead = one.written.get("refresh_ahead")
        if ahead and parse_ratio(ahead["fraction"]) <= self.fraction_ratio:
            return ""
        return one.change("refresh_ahead", {"fraction": fraction})


def _is_soft(one: LayerEntry) -> bool:
    return one.has("soft_ttl")
