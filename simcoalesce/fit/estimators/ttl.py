"""How long an answer is fresh."""

from math import isinf
from typing import ClassVar

from typing_extensions import override

from simcoalesce.fit.cache_count import CacheCount
from simcoalesce.fit.estimator import Estimator
from simcoalesce.fit.fitted_value import (
    FEW_EVENTS,
    FittedValue,
    FittedValues,
    Rival,
    assumed,
)
from simcoalesce.fit.key_rules import FittedKeys
from simcoalesce.fit.lifetimes import Lifetimes, lifetimes
from simcoalesce.fit.written import roundest, written_seconds
from simcoalesce.logs.log import Log

MOST_CONTRADICTIONS: float = 0.01
"""The share of ages from which on the log does not tell of one ttl."""


class Ttl(Estimator):
    """The lifetime that the fewest ages contradict.

    Each hit says that the ttl is not below the age of what it found, each renewal that
    it is. Lifetimes in whole seconds of the wall clock, as nginx counts them, and exact
    ones are rivals. Its result is `Lifetimes`.
    """

    precedence: ClassVar[int] = 210
    tells: ClassVar[str] = "how long answers are fresh"

    @override
    def estimate(self, log: Log, so_far: FittedValues) -> FittedValue | None:
        keys: FittedKeys = so_far.result("key_rule")
        layer = so_far.result("cache")
        if keys.events is None or layer is None:
            return None
        if keys.count is not None:
            return _of_several(self.kind, layer, keys.count)
        whole = lifetimes(keys.events, "whole seconds")
        exact = lifetimes(keys.events, "real-valued")
        if not whole.events:
            return assumed(self.kind, {f"{layer}.ttl": "24h"}, "nobody asked twice")
        if not len(whole.expired_s):
            oldest = written_seconds(float(exact.fresh_s.max()))
            why = f"nothing expired, the oldest hit was {oldest} old"
            return assumed(self.kind, {f"{layer}.ttl": "24h"}, why)
        best, other = whole, exact
        is_exact = exact.best()[1] < 0.9 * whole.best()[1] or not log.is_wall_clock
        if is_exact:
            best, other = exact, whole
        return _told(self.kind, layer, best, other)


def _of_several(name: str, layer: str, count: CacheCount) -> FittedValue:
    least, most = (written_seconds(float(one)) for one in count.ttls_s)
    ttl_s = count.ttl_s + (layer != "lock")
    return FittedValue(
        name,
        {f"{layer}.ttl": written_seconds(float(ttl_s))},
        f"the likeliest with {count.caches} caches",
        count.events,
        (least, most),
        contradictions=count.contradictions,
        result=count,
    )


def _told(name: str, layer: str, best: Lifetimes, other: Lifetimes) -> FittedValue:
    least, bad = best.best()
    most = best.longest(bad)
    ttl = least if best.clock == "whole seconds" else roundest(least, most, least)
    sets: dict[str, object] = {}
    if best.clock == "real-valued":
        sets = {f"{layer}.ttl": written_seconds(ttl), f"{layer}.whole_seconds": False}
    elif layer == "lock":
        sets = {f"{layer}.ttl": written_seconds(ttl)}
    else:
        # Only nginx keeps an answer to the end of its last second.
        sets = {
            f"{layer}.ttl": written_seconds(ttl + 1),
            f"{layer}.whole_seconds": True,
        }
    sets = {path: sets[path] for path in sorted(sets)}
    other_ttl, other_bad = other.best()
    text = f"{written_seconds(round(other_ttl, 3))}, {other.clock}"
    limits = (
        written_seconds(least),
        "unlimited" if isinf(most) else written_seconds(most),
    )
    evidence = (
        f"{len(best.fresh_s):,} hits, {len(best.expired_s):,} of what had expired"
    )
    if bad > MOST_CONTRADICTIONS * best.events:
        evidence += "; not one ttl for all"
    rests_on = best.events if len(best.expired_s) >= FEW_EVENTS else len(best.expired_s)
    return FittedValue(
        name,
        sets,
        f"{evidence}; {best.clock}",
        rests_on,
        interval=limits,
        contradictions=bad,
        rival=Rival(text, other_bad),
        text=written_seconds(ttl),
        result=best,
    )
