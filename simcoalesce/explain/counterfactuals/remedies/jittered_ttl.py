"""TTLs that differ, so that many keys do not expire together."""

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.layer_entry import LayerEntry, everywhere
from simcoalesce.explain.scenario_edit import (
    DoesNotApply,
    NoSuchLayer,
    ScenarioEdit,
    Written,
    scaled,
)
from simcoalesce.model.scope import Scope
from simcoalesce.spec import default
from simcoalesce.units import Ratio, format_ratio, parse_duration, parse_ratio


class JitteredTtl(Remedy):
    """Each entry has a TTL that is shorter or longer by a random share.

    To an HTTP cache the origin says it, by the max-age of each answer.
    """

    label = "jittered TTL"
    effort = "code"
    warning = "some values live longer than the TTL says"
    setting = "jitter of {}"
    parameter, strengths = "jitter", tuple(f"{5 * step}%" for step in range(1, 20))

    jitter_ratio: Ratio = default("20%")
    """The largest share."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        ttl, every = _http_ttl(edit), edit.entries()
        says = "max_age" if ttl else "ttl_jitter"
        stores = [one for one in every if one.has("ttl_jitter") or one.has(says)]
        if not stores:
            raise NoSuchLayer("the path has no store whose lifetimes could differ")
        traffic = edit.document["traffic"]
        phases = [traffic, *traffic["arrivals"]]
        if not any(map(_may_have_many_keys, phases)):
            raise DoesNotApply("there is one key only, so no keys expire together")
        return everywhere(
            stores, lambda one: self._vary(one, ttl), "lifetimes differ as much already"
        )

    def _vary(self, one: LayerEntry, ttl: str) -> str:
        if one.has("max_age"):
            shares = (1 - self.jitter_ratio, 1 + self.jitter_ratio)
            lifetimes = {"uniform": [scaled(ttl, share) for share in shares]}
            return "" if one.written["max_age"] else one.change("max_age", [lifetimes])
        if parse_ratio(one.written["ttl_jitter"]) >= self.jitter_ratio:
            return ""
        return one.change("ttl_jitter", format_ratio(self.jitter_ratio))


def _http_ttl(edit: ScenarioEdit) -> str:
    """Return the shortest lifetime in an HTTP cache; empty where none could differ."""
    caches = [one for one in edit.entries() if one.layer.scope is Scope.CACHE]
    if any(one.written.get("whole_seconds", False) for one in caches):
        return ""
    ttls: list[str] = [one.written["ttl"] for one in caches]
    return min(ttls, key=parse_duration, default="")


def _may_have_many_keys(phase: Written) -> bool:
    """Say whether a phase has several keys, or takes them from a log."""
    keys = (phase.get("keys") or {"kind": "one"})["kind"]
    return phase.get("kind") == "replay" or keys != "one"
