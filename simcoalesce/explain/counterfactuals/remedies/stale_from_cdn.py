"""An HTTP cache that serves an expired entry while it fetches it again."""

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit
from simcoalesce.units import parse_duration


class StaleFromCdn(Remedy):
    """``stale-while-revalidate`` in the answer of the origin, as long as its TTL."""

    label = "stale-while-revalidate at the cache"

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        cache = edit.layer("cdn")
        if parse_duration(cache["stale_while_revalidate"]):
            raise DoesNotApply("the cache serves expired entries already")
        cache["stale_while_revalidate"] = cache["ttl"]
        return f"expired values served for {cache['ttl']}"
