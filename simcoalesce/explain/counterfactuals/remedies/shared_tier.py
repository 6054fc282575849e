"""One more tier of the cache, which all locations share."""

import json
from typing import Final

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.scenario_edit import (
    DoesNotApply,
    NoSuchLayer,
    ScenarioEdit,
    Written,
)
from simcoalesce.model.layer import Layer
from simcoalesce.model.scope import Scope
from simcoalesce.model.tier import TieredLayer
from simcoalesce.spec import default
from simcoalesce.units import Duration, format_duration

_OWN: Final = ("initial", "hops", "regions")
"""What the cache of a location says of itself alone."""


class SharedTier(Remedy):
    """A shield, a tiered cache: the misses of all locations meet before the origin."""

    label = "a shared tier (shield)"
    effort = "setting"
    warning = "every miss makes the way to one location, which may fail"

    hop_ns: Duration = default("20ms")
    """One way from a location to the tier: an assumption."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        hop, types = format_duration(self.hop_ns), edit.types()
        caches = [n for n, one in enumerate(types) if _is_cache(one)]
        if not caches:
            raise NoSuchLayer("the path has no HTTP cache that could get a tier")
        if len(edit.incident.traffic.locations) < 2:
            raise DoesNotApply("there is one location only, so all share its cache")
        last = caches[-1]
        ((kind, written),) = edit.path[last].items()
        if written["scope"] == "global":
            raise DoesNotApply("all locations share a tier already")
        if types[last].model_fields["scope_"].default == "global":
            # It brings the tier along: nothing is to be put behind it.
            written.update({"scope": "global", "hop": hop})
        else:
            edit.path.insert(last + 1, {kind: _tier(written, hop)})
        return f"one {kind.replace('_', ' ')} for all locations, {hop} away"


def _is_cache(layer: type[Layer]) -> bool:
    return issubclass(layer, TieredLayer) and layer.scope is Scope.CACHE


def _tier(written: Written, hop: str) -> Written:
    copied: Written = json.loads(json.dumps(written))
    own = {name: value for name, value in copied.items() if name not in _OWN}
    return {**own, "scope": "global", "hop": hop}
