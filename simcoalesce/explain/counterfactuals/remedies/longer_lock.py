"""nginx whose locks outlast a slow fetch."""

from collections.abc import Sequence
from typing import Self

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit
from simcoalesce.model.layers.lock import Lock
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.spec import default
from simcoalesce.units import PositiveDuration, parse_duration


class LongerLock(Remedy):
    """``proxy_cache_lock_timeout`` and ``proxy_cache_lock_age``, set to one value.

    Their default is 5 s: if a fetch takes longer, others fetch as well.
    """

    label = "longer proxy_cache_lock"
    setting = "a timeout and an age of {}"

    lasts_ns: PositiveDuration = default("60s")
    """How long a lock is held, and how long others wait for it."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        lock, lasts = edit.layer("lock"), self.document()["lasts"]
        before = {name: lock[name] for name in ("timeout", "age")}
        if min(map(parse_duration, before.values())) >= self.lasts_ns:
            raise DoesNotApply("the lock is held that long already")
        lock.update(dict.fromkeys(before, lasts))
        return f"timeout {before['timeout']} and age {before['age']} → {lasts}"

    @override
    def weakest_first(self, scenario: Scenario) -> Sequence[Self]:
        held_ns = [
            min(layer.timeout_ns, layer.age_ns)
            for layer in scenario.path
            if isinstance(layer, Lock)
        ]
        longer = (f"{seconds}s" for seconds in (10, 15, 20, 30, 45, 60, 90, 120))
        settings = [type(self).model_validate({"lasts": one}) for one in longer]
        return [one for one in settings if held_ns and one.lasts_ns > held_ns[0]]
