"""When calls of the origin fail."""

from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from simcoalesce.fit.cache_events import CacheEvents
from simcoalesce.fit.estimator import Estimator
from simcoalesce.fit.failing_calls import FailingRun, failing_runs
from simcoalesce.fit.fitted_duration import fitted_duration
from simcoalesce.fit.fitted_value import FittedValue, FittedValues, not_told
from simcoalesce.fit.key_rules import FittedKeys
from simcoalesce.fit.written import written_seconds
from simcoalesce.logs.log import Log
from simcoalesce.units import NS_PER_S

_PATH: Final = "origin.faults"
_FEWEST_BY_CHANCE: Final = 3


class Faults(Estimator):
    """Outages, as runs of calls that fail, and failures by chance besides them.

    An outage begins halfway between the last good call and the first bad one.
    """

    precedence: ClassVar[int] = 310
    tells: ClassVar[str] = "when the origin fails"

    @override
    def estimate(self, log: Log, so_far: FittedValues) -> FittedValue | None:
        keys: FittedKeys = so_far.result("key_rule")
        if keys.events is None or not keys.events.fails.any():
            return None
        events = keys.events
        known = np.flatnonzero((events.call_status > 0) & ~events.refused)
        calls = known[np.argsort(events.call_at_ns[known], kind="stable")]
        at_s = (events.call_at_ns[calls] - log.at_ns[0]) / NS_PER_S
        fails = events.fails[calls]
        runs = failing_runs(at_s, fails)
        outages = [_outage(events, calls, one) for one in runs]
        in_runs = sum(one.last - one.first + 1 for one in runs)
        rest = int(fails.sum()) - in_runs
        is_told = rest >= _FEWEST_BY_CHANCE
        by_chance = [_by_chance(events, calls, runs, rest)] if is_told else []
        if not outages and not by_chance:
            return not_told(self.kind, f"{rest:,} of {len(calls):,} calls failed")
        return FittedValue(
            self.kind,
            {_PATH: [*outages, *by_chance]},
            f"{int(fails.sum()):,} of {len(calls):,} calls failed, {rest:,} by chance",
            int(fails.sum()),
            text=", ".join([*map(_text, runs), *(["by chance"] if is_told else [])]),
        )


def _text(run: FailingRun) -> str:
    return f"{run.from_s:.2f} to {run.until_s:.2f} s"


def _outage(
    events: CacheEvents, calls: NDArray[np.int64], run: FailingRun
) -> dict[str, Any]:
    """Return an outage as a fault of the origin; one that did not end, to its end."""
    until_s = run.until_s if run.is_over else run.until_s + 1
    return {
        "kind": "window",
        "from": written_seconds(round(run.from_s, 3)),
        "until": written_seconds(round(until_s, 3)),
        **_answer(events, calls[run.first : run.last + 1]),
    }


def _by_chance(
    events: CacheEvents, calls: NDArray[np.int64], runs: list[FailingRun], count: int
) -> dict[str, Any]:
    within = np.zeros(len(calls), dtype=np.bool_)
    for run in runs:
        within[run.first : run.last + 1] = True
    share = count / max(len(calls) - int(within.sum()), 1)
    some = calls[~within & events.fails[calls]]
    return {
        "kind": "random",
        "probability": f"{100 * share:.3g}%",
        **_answer(events, some),
    }


def _answer(events: CacheEvents, failing: NDArray[np.int64]) -> dict[str, Any]:
    statuses = events.call_status[failing]
    took_s = (events.end_ns - events.call_at_ns)[failing] / NS_PER_S
    fitted = fitted_duration(np.maximum(took_s, 0.0), "failures.csv")
    return {"status": int(np.bincount(statuses).argmax()), "takes": fitted.written}
