"""An expired value that is served while one request fetches the new one."""

from collections.abc import Sequence
from typing import Any, Final, Self

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.layer_entry import LayerEntry, everywhere
from simcoalesce.explain.scenario_edit import NoSuchLayer, ScenarioEdit
from simcoalesce.explain.written_values import length_ns
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.units import PositiveDuration, format_duration, parse_duration

_WINDOWS: Final = ("stale_while_revalidate", "grace", "stale_ttl")
"""What layers call it: most of them; Varnish; leases."""


class StaleWhileRevalidate(Remedy):
    """It needs an expired value: a key that nobody asked for before has none.

    In nginx it is ``proxy_cache_background_update``, whatever the window; in Redis a
    value gets a soft TTL, and lives so much longer.
    """

    label = "serve stale, refresh once"
    effort = "setting"
    warning = "clients get expired values; a worker's own code must refresh them"
    setting = "expired values served for {}"
    parameter, strengths = "window", tuple(f"{2**step}s" for step in range(12))

    window_ns: PositiveDuration | None = None
    """How long after its expiry a value is served; as long as its TTL if absent."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        caches = [one for one in edit.entries() if _can_serve_expired(one)]
        if not caches:
            raise NoSuchLayer("the path has no layer that can serve expired values")
        ttl = edit.usual_ttl()
        return everywhere(
            caches,
            lambda one: self._serve(one, ttl),
            "expired values are served for that long already",
        )

    @override
    def weakest_first(self, scenario: Scenario) -> Sequence[Self]:
        written = ScenarioEdit(scenario).entries()
        # nginx serves what has expired for as long as it has it.
        has_window = any(
            _can_serve_expired(one) and not one.has("stale") for one in written
        )
        return super().weakest_first(scenario) if has_window else ()

    def _serve(self, one: LayerEntry, ttl: str) -> str:
        own_ttl = one.written.get("ttl", ttl)
        window = own_ttl if self.window_ns is None else format_duration(self.window_ns)
        if one.has("stale"):
            return one.change("stale", "background")
        if one.has("soft_ttl"):
            return _soften(one, parse_duration(window))
        if one.has("refreshes"):
            one.written["refreshes"] = "one"
        name = next(name for name in _WINDOWS if one.has(name))
        return one.lengthen(name, window)


def _can_serve_expired(one: LayerEntry) -> bool:
    return any(map(one.has, (*_WINDOWS, "stale", "soft_ttl")))


def _soften(one: LayerEntry, window_ns: int) -> str:
    """Let a value be refreshed when its TTL is over, and live on meanwhile."""
    soft: Any = one.written.get("soft_ttl") or one.written["ttl"]
    lives_ns = parse_duration(soft) + window_ns
    if lives_ns <= length_ns(one.written["ttl"]):
        return ""
    texts = one.change("soft_ttl", soft), one.change("ttl", format_duration(lives_ns))
    return " and ".join(filter(None, texts))
