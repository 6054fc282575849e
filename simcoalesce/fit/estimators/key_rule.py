"""What of host, path and query is the key of the cache."""

from typing import ClassVar

from typing_extensions import override

from simcoalesce.fit.estimator import Estimator
from simcoalesce.fit.fitted_value import FittedValue, FittedValues, Rival
from simcoalesce.fit.key_rules import (
    RULES,
    FittedKeys,
    can_tell,
    fitted_keys,
    ranked_rules,
)
from simcoalesce.logs.log import Log


class KeyRuleEstimator(Estimator):
    """The rule under which the fewest requests contradict what a cache does.

    Its result is `FittedKeys`: the keys of all requests, and what became of each at the
    cache. Where the log tells no rule, host and URI are taken.
    """

    precedence: ClassVar[int] = 10
    tells: ClassVar[str] = "of what keys are made"

    @override
    def estimate(self, log: Log, so_far: FittedValues) -> FittedValue:
        plain = fitted_keys(log, RULES[0])
        hosts, queries = can_tell(log)
        if plain.events is None or not plain.events.hits.any():
            why = "the log does not tell hits from misses: host and URI"
            return FittedValue(self.kind, {}, why, result=plain)
        if not hosts and not queries:
            why = "one host and no queries: any rule has the same keys"
            only = ranked_rules(log, RULES[:1])[0][1]
            return FittedValue(self.kind, {}, why, result=only)
        ranked = ranked_rules(log)
        bad, best = ranked[0]
        other = next(
            (one for one in ranked if len(one[1].names) != len(best.names)), None
        )
        return FittedValue(
            self.kind,
            evidence="the rule that the fewest requests contradict",
            events=_events(best),
            contradictions=bad,
            rival=None if other is None else Rival(other[1].text, other[0]),
            text=best.text,
            result=best,
        )


def _events(keys: FittedKeys) -> int:
    return 0 if keys.events is None else int(keys.events.storable.sum())
