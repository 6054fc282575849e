"""Who gets an expired answer, while it is renewed and when that fails."""

from dataclasses import replace
from typing import ClassVar

from typing_extensions import override

from simcoalesce.fit.cache_events import CacheEvents
from simcoalesce.fit.cache_waits import CacheWaits
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
        events, waits = keys.events, keys.waits
        if events is None or waits is None or layer is None:
            return None
        if keys.count is not None and waits.expired_stale:
            # Those who fetch too may do so for another cache.
            waits = replace(waits, expired_fetched=0, expired_waited=0)
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
    old = events.renews & ~events.in_background
    rescued, errors = old & events.is_rescued, old & ~events.is_rescued
    counts = {
        family: (int((rescued & kind).sum()), int((errors & kind).sum()))
        for family, kind in (("429", events.refused), ("5xx", events.fails))
    }
    total = sum(map(sum, counts.values()))
    if not total:
        return not_told("stale_if_error", "no renewal failed")
    off = [family for family, (got, not_got) in counts.items() if not_got > got]
    on = [family for family, (got, _) in counts.items() if got and family not in off]
    said = ", ".join(
        f"{family}: {a:,} of {a + b:,}" for family, (a, b) in counts.items()
    )
    sets: dict[str, object] = {f"{layer}.stale_if_error": "24h" if on else "0s"}
    if on and off and layer == "lock":
        sets["lock.stale_on"] = [429] if "429" in on else [500, 502, 503, 504]
    return FittedValue(
        "stale_if_error",
        sets,
        f"got what had expired when its renewal failed, {said}",
        total,
        contradictions=sum(min(pair) for pair in counts.values()),
        text=f"for {' and '.join(on)}" if on else "never",
    )
