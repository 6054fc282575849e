"""Whether misses of a key share one fetch, and how long they wait for it."""

from collections.abc import Iterator
from typing import ClassVar

import numpy as np
from typing_extensions import override

from simcoalesce.fit.cache_waits import POLL_NS, CacheWaits
from simcoalesce.fit.estimator import Estimator
from simcoalesce.fit.fitted_value import (
    FittedValue,
    FittedValues,
    Rival,
    assumed,
    not_told,
)
from simcoalesce.fit.key_rules import FittedKeys
from simcoalesce.fit.written import written_seconds
from simcoalesce.logs.log import Log
from simcoalesce.units import NS_PER_S


class LockEstimator(Estimator):
    """What those do who come while a cold key is fetched: they wait, or fetch too.

    nginx's lock is for cold keys only. Of its time-out and its age the log tells what
    calls show that came after a wait, while another call was still under way.
    """

    precedence: ClassVar[int] = 220
    tells: ClassVar[str] = "whether misses share a fetch"

    @override
    def estimate(self, log: Log, so_far: FittedValues) -> list[FittedValue] | None:
        keys: FittedKeys = so_far.result("key_rule")
        layer = so_far.result("cache")
        waits = keys.waits
        if waits is None or layer is None:
            return None
        word = f"{layer}.locks" if layer == "lock" else f"{layer}.lock"
        waited, fetched = waits.cold_waited, waits.cold_fetched
        if keys.count is not None:
            # What is cold here may be fetched for another cache: that says nothing.
            waited, fetched = waits.polled + waits.notified, 0
        if not waited + fetched:
            why = "nobody came while a cold key was fetched; off is nginx's default"
            return [assumed(self.kind, {word: False}, why)]
        is_on = waited > fetched
        found = FittedValue(
            self.kind,
            {word: is_on},
            f"while a cold key was fetched {waited:,} waited, {fetched:,} fetched too",
            waited + fetched,
            contradictions=min(waited, fetched),
            rival=Rival("off" if is_on else "on", max(waited, fetched)),
            text="on" if is_on else "off",
        )
        return [found, *(_limits(waits) if is_on and layer == "lock" else ())]


def _limits(waits: CacheWaits) -> Iterator[FittedValue]:
    timed_out, aged = waits.timed_out_ns, waits.aged_ns
    if len(timed_out):
        # Whoever gives up does so at its first look after the time-out.
        typical = float(np.quantile(timed_out, 0.1))
        text = written_seconds(round(typical / NS_PER_S, 1))
        evidence = "waits that ended with a call of their own, not stored"
        limits = _seconds(max(typical - POLL_NS, 0)), _seconds(typical)
        yield FittedValue(
            "lock_timeout", {"lock.timeout": text}, evidence, len(timed_out), limits
        )
    else:
        longest = _seconds(waits.longest_ns)
        yield not_told(
            "lock_timeout", f"no wait was in vain, the longest took {longest}"
        )
    if len(aged):
        typical = float(np.quantile(aged, 0.1))
        text = written_seconds(round(typical / NS_PER_S, 1))
        evidence = "locks that another took while the fetch went on"
        limits = _seconds(float(aged.min())), _seconds(float(np.median(aged)))
        yield FittedValue("lock_age", {"lock.age": text}, evidence, len(aged), limits)
    else:
        yield not_told("lock_age", "nobody took the lock of a fetch under way")


def _seconds(duration_ns: float) -> str:
    return written_seconds(round(duration_ns / NS_PER_S, 3))
