"""Which cache there is, and its clock."""

from typing import Any, ClassVar

from typing_extensions import override

from simcoalesce.fit.cache_count import CacheCount
from simcoalesce.fit.estimator import Estimator
from simcoalesce.fit.fitted_value import FittedValue, FittedValues, Rival, assumed
from simcoalesce.fit.key_rules import FittedKeys
from simcoalesce.fit.written import written_seconds
from simcoalesce.logs.log import Log
from simcoalesce.units import NS_PER_S


class Cache(Estimator):
    """The path: a cache before the origin, or the origin alone.

    A cache is nginx's (`lock`), unless those who wait are told when the fetch ends
    (`cdn`). Several caches, each with entries of its own, are locations of the traffic.
    Its result is the name of the layer.
    """

    precedence: ClassVar[int] = 200
    tells: ClassVar[str] = "whether there is a cache"

    @override
    def estimate(
        self, log: Log, so_far: FittedValues
    ) -> FittedValue | list[FittedValue]:
        keys: FittedKeys = so_far.result("key_rule")
        events, waits = keys.events, keys.waits
        if events is None or waits is None:
            alone = {"path": ["origin"], "origin.latency": "100ms"}
            return assumed(self.kind, alone, "the log has its traffic alone")
        answered = int((events.hits | events.is_stale).sum())
        if not answered:
            every = "every request called the origin"
            return FittedValue(self.kind, {"path": ["origin"]}, every, len(log))
        layer = "lock" if waits.is_polled else "cdn"
        sets: dict[str, Any] = {"path": [layer, "origin"]}
        offset_s = int(log.at_ns[0]) % NS_PER_S / NS_PER_S
        if log.is_wall_clock and offset_s:
            sets[f"{layer}.clock_offset"] = written_seconds(offset_s)
        evidence = f"{answered:,} of {len(log):,} requests did not call the origin"
        found = FittedValue(self.kind, sets, evidence, answered, result=layer)
        return [found, *([] if keys.count is None else [_caches(keys.count)])]


def _caches(count: CacheCount) -> FittedValue:
    """Return several caches as locations, to which chance sends requests."""
    names = {f"cache-{number}": 1 for number in range(1, count.caches + 1)}
    return FittedValue(
        "caches",
        {"traffic.locations": names},
        "look-ups hit as often as so many caches with entries of their own let them",
        count.events,
        (str(count.least), str(count.most)),
        contradictions=count.contradictions,
        rival=Rival("one cache"),
        text=f"{count.caches} caches",
    )
