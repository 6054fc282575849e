"""Locks that outlast a slow fetch."""

from collections.abc import Sequence
from math import ceil
from typing import Final, Self

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.layer_entry import LayerEntry, everywhere
from simcoalesce.explain.origin_facts import slowest_fetch_ns
from simcoalesce.explain.scenario_edit import NoSuchLayer, ScenarioEdit
from simcoalesce.model.layer import Layer
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.units import NS_PER_S, PositiveDuration, format_duration

_PATIENCE: Final = ("timeout", "wait")
"""What layers call the time for which others wait."""
_AGE: Final = ("age", "lock_ttl", "lease_ttl")
"""What layers call the time for which a lock is held."""
_USUAL_NS: Final = 60 * NS_PER_S
_LENGTHS: Final = (10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600)


class LongerLock(Remedy):
    """Whoever misses waits for the fetch of another, however slow that is.

    If a fetch takes longer than a lock is held, or than others wait for it, they fetch
    as well: after 5 s by nginx's defaults. What is longer already stays as it is.
    """

    label = "longer lock"
    effort = "setting"
    warning = "a fetch that hangs keeps all others waiting for as long"
    setting = "locks of {}"

    timeout_ns: PositiveDuration | None = None
    """How long others wait; if absent, a minute, or twice as long as a fetch takes."""
    age_ns: PositiveDuration | None = None
    """How long a lock is held; if absent, the same."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        locks = [one for one in edit.entries() if _may_be_longer(one)]
        if not locks:
            raise NoSuchLayer("the path has no lock that gives up")
        usual_ns = max(
            _USUAL_NS, 2 * ceil(slowest_fetch_ns(edit.incident) / NS_PER_S) * NS_PER_S
        )
        timeout = format_duration(self.timeout_ns or usual_ns)
        age = format_duration(self.age_ns or usual_ns)

        def lengthen(one: LayerEntry) -> str:
            texts = [one.lengthen(name, timeout) for name in _PATIENCE if one.has(name)]
            texts += [one.lengthen(name, age) for name in _AGE if one.has(name)]
            return " and ".join(filter(None, texts))

        return everywhere(
            locks,
            lengthen,
            "every lock is held, and waited for, that long already",
        )

    @override
    def weakest_first(self, scenario: Scenario) -> Sequence[Self]:
        lengths = [f"{seconds}s" for seconds in _LENGTHS]
        every = [
            type(self).model_validate({"timeout": one, "age": one}) for one in lengths
        ]
        return self.stronger(every, scenario)


def _may_be_longer(one: LayerEntry) -> bool:
    """Say whether misses of a key wait there for one of them, for a limited time."""
    is_held = any(one.has(name) for name in _AGE)
    return is_held and one.layer.makes_wait and _shares(one)


def _shares(one: LayerEntry) -> bool:
    layer: Layer = one.layer.model_validate(one.written)
    return layer.shares
