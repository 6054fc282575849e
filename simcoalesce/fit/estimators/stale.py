"""Who gets an expired answer, while it is renewed and when that fails."""

from typing import ClassVar

from typing_extensions import override

from simcoalesce.fit.cache_events import CacheEvents
from simcoalesce.fit.cache_waits import CacheWaits, cache_waits
from simcoalesce.fit.estimator import Estimator
from simcoalesce.fit.fitted_value import FittedValue, FittedValues, Rival, not_told
from simcoalesce.fit.key_rules import FittedKeys
from simcoalesce.logs.log import Log


class Stale(Estimator):
    """What those get who come while an expired answer is renewed, or if that fails."""

    precedence: ClassVar[int] = 230
    tells: ClassVar[str] = "who gets what has expired"

    @override
    def estimate(self, log: Log, so_far: FittedValues) -> list[FittedValue] | None:
        keys: FittedKeys = so_far.result("key_rule")
        layer = so_far.result("cache")
        if keys.events is None or layer is None:
            return None
        events, waits = keys.events, cache_waits(keys.events)
        while_renewed = _of_nginx(events, waits) if layer == "lock" else _of_cdn(waits)
        return [while_renewed, _if_error(events, layer)]


def _of_nginx(events: CacheEvents, waits: CacheWaits) -> FittedValue:
    refreshed = int(events.in_background.sum())
    stale, fetched = waits.expired_stale, waits.expired_fetched
    if refreshed:
        evidence = f"{refreshed:,} got what had expired, and had it renewed behind them"
        rest = Rival("updating", refreshed)
        return FittedValue(
            "stale",
            {"lock.stale": "background"},
            evidence,
            refreshed + stale,
            contradictions=fetched,
            rival=rest,
        )
    if not stale + fetched:
        return not_told("stale", "nobody came while an expired answer was renewed")
    is_on = stale > fetched
    evidence = f"while an expired answer was renewed {stale:,} got it"
    return FittedValue(
        "stale",
        {"lock.stale": "updating" if is_on else "none"},
        f"{evidence}, {fetched:,} fetched too",
        stale + fetched,
        contradictions=min(stale, fetched),
        rival=Rival("none" if is_on else "updating", max(stale, fetched)),
    )


def _of_cdn(waits: CacheWaits) -> FittedValue:
    stale, others = waits.expired_stale, waits.expired_fetched + waits.expired_waited
    if not stale + others:
        return not_told("stale", "nobody came while an expired answer was renewed")
    evidence = (
        f"while an expired answer was renewed {stale:,} got it, {others:,} did not"
    )
    window = "24h" if stale > others else "0s"
    return FittedValue(
        "stale",
        {"cdn.stale_while_revalidate": window},
        evidence,
        stale + others,
        contradictions=min(stale, others),
    )


def _if_error(events: CacheEvents, layer: str) -> FittedValue:
    failed = events.renews & (events.fails | events.refused) & ~events.in_background
    rescued = int((events.is_rescued & events.renews).sum())
    errors = int((failed & ~events.is_rescued).sum())
    if not rescued + errors:
        return not_told("stale_if_error", "no renewal failed")
    is_on = rescued > errors
    evidence = f"of renewals that failed {rescued:,} got what had expired"
    return FittedValue(
        "stale_if_error",
        {f"{layer}.stale_if_error": "24h" if is_on else "0s"},
        f"{evidence}, {errors:,} the error",
        rescued + errors,
        contradictions=min(rescued, errors),
        text="always" if is_on else "never",
    )
