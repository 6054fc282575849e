"""When the origin says 429."""

from typing import ClassVar, Final

import numpy as np
from typing_extensions import override

from simcoalesce.fit.admissions import Admissions, admissions
from simcoalesce.fit.estimator import Estimator
from simcoalesce.fit.fitted_value import FittedValue, FittedValues, Rival, not_told
from simcoalesce.fit.key_rules import FittedKeys
from simcoalesce.fit.limit_candidates import LimitCandidate, limit_candidates
from simcoalesce.logs.log import Log

_PATH: Final = "origin.rate_limit"
_CLEARLY: Final = 1.5
"""How many times as many contradictions exclude a rival."""
_MOST_WRONG: Final = 0.5
"""From which share of the refusals on a limit does not explain them."""


class RateLimitEstimator(Estimator):
    """The limit whose state, which follows the log, the fewest calls contradict.

    Token bucket, fixed and sliding window, and a cap of calls at once are rivals. A
    limit that was never reached is not told: there is only a lower bound.
    """

    precedence: ClassVar[int] = 300
    tells: ClassVar[str] = "when the origin refuses"

    @override
    def estimate(self, log: Log, so_far: FittedValues) -> FittedValue | None:
        keys: FittedKeys = so_far.result("key_rule")
        if keys.events is None:
            return None
        calls = admissions(keys.events)
        if not calls.refusals:
            return not_told(self.kind, f"no call was refused{_most(calls)}")
        best, second, *_ = limit_candidates(calls)
        refused = f"{calls.refusals:,} 429s of {len(calls.at_s):,} calls"
        if best.contradictions > _MOST_WRONG * calls.refusals:
            return not_told(self.kind, f"{refused}, which no limit explains")
        return FittedValue(
            self.kind,
            {_PATH: best.written},
            refused,
            calls.refusals,
            best.spread,
            contradictions=best.contradictions,
            rival=_rival(best, second),
            uncertain=_draws(best),
            text=best.text,
        )


def _rival(best: LimitCandidate, second: LimitCandidate) -> Rival:
    is_excluded = second.contradictions > max(_CLEARLY * best.contradictions, 10)
    return Rival(
        second.text,
        second.contradictions,
        {_PATH: second.written},
        is_excluded=is_excluded,
    )


def _draws(limit: LimitCandidate) -> tuple[dict[str, str], ...]:
    return tuple({f"{_PATH}.{name}": drawn} for name, drawn in limit.draws)


def _most(calls: Admissions) -> str:
    """Return how many calls a limit that nobody met admits, at least."""
    if not len(calls.at_s):
        return ""
    most = int(np.bincount(calls.at_s.astype(np.int64)).max())
    return f": a limit, if there is one, is above {most:,} calls in a second"
