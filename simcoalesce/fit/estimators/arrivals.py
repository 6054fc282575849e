"""When requests come: the log itself, and the law that it may follow."""

from collections.abc import Iterator
from typing import Any, ClassVar, Final

import numpy as np
from typing_extensions import override

from simcoalesce.fit.arrivals.hit_ratios import (
    TTLS_S,
    generated_hit_ratios,
    hit_ratios,
)
from simcoalesce.fit.arrivals.model_choice import ArrivalFit, fitted_model
from simcoalesce.fit.arrivals.model_values import model_values
from simcoalesce.fit.arrivals.observed_arrivals import ObservedArrivals
from simcoalesce.fit.estimator import Estimator
from simcoalesce.fit.fitted_value import FittedValue, FittedValues, not_told
from simcoalesce.fit.replayed_arrivals import duration_of, replay_phase
from simcoalesce.fit.traffic_choice import keys_of, variant_prefix
from simcoalesce.logs.log import CLIENT_METHODS, Log
from simcoalesce.units import NS_PER_S

_FEWEST: Final = 50
_MOST_OFF: Final = 0.03
"""What a law's hit ratio may differ by."""


class LogArrivals(Estimator):
    """The arrivals as the log has them; and a law, with its test beside it.

    Replay is the default: on a log of a real web site a law of independent requests
    had a hit ratio of 8 % where the log had 43 %. A law that fits is offered as the
    variant `law` of the scenario, or is its traffic if that is asked for.
    """

    precedence: ClassVar[int] = 120
    tells: ClassVar[str] = "when requests come"

    @override
    def estimate(self, log: Log, so_far: FittedValues) -> list[FittedValue]:
        prefix = variant_prefix(so_far)
        found = [
            FittedValue(
                "duration",
                {"duration": duration_of(log)},
                "to the last request",
                len(log),
            )
        ]
        model = FittedValue(self.kind, {}, "as asked for", len(log), text="by a law")
        found.append(_replay(self.kind, log, so_far) if prefix else model)
        if len(log) < _FEWEST:
            return [*found, not_told("law", f"{len(log)} requests tell no law")]
        return [*found, *_law(log, so_far, prefix)]


def _replay(kind: str, log: Log, so_far: FittedValues) -> FittedValue:
    phase = replay_phase(log, *keys_of(log, so_far))
    sets: dict[str, Any] = {"traffic.arrivals": [phase]}
    if (log.isolate >= 0).any():
        sets["traffic.isolates"] = int(log.isolate.max()) + 1
    requests = f"{len(log):,} requests"
    spread = phase.get("spread")
    how = f"; stamps of {spread} are spread" if spread else ""
    return FittedValue(
        kind, sets, f"replay of the log{how}", len(log), text=f"replay of {requests}"
    )


def _law(log: Log, so_far: FittedValues, prefix: str) -> Iterator[FittedValue]:
    at_s = (log.at_ns - log.at_ns[0]) / NS_PER_S
    observed = ObservedArrivals.of(at_s, log.stamp_ns / NS_PER_S)
    fit = fitted_model(observed)
    if not fit.is_told:
        yield not_told("law", _why_none(fit))
        if prefix:
            return
    values = [*model_values(fit, observed, prefix)]
    if not log.storable.all():
        values.append(_bypass(log, len(_phases_in(values, prefix)), prefix))
    keys = so_far.result("popularity") or {"kind": "one"}
    phases = _phases_in(values, prefix)
    code, _ = keys_of(log, so_far)
    of_log = hit_ratios(at_s, np.where(log.storable, code, -1))
    test = _test(of_log, generated_hit_ratios(phases, keys, observed.ends_s))
    if fit.is_told:
        yield FittedValue(
            "law",
            _variant(keys) if prefix else {},
            test,
            len(log),
            text=fit.posterior.model.name,
            result=phases,
        )
    yield from values


def _variant(keys: dict[str, Any]) -> dict[str, Any]:
    title = "The traffic as a law, in place of the log"
    return {"variants.law.title": title, "variants.law.traffic.keys": keys}


def _bypass(log: Log, phases: int, prefix: str) -> FittedValue:
    """Return the share of requests, POSTs and the like, that no cache may answer."""
    count = len(log) - int(log.storable.sum())
    share = f"{100 * count / len(log):.3g}%"
    names = [f"{prefix}traffic.arrivals[{n}].bypass" for n in range(phases)]
    methods = [one for one in log.methods if one not in CLIENT_METHODS]
    told = f"requests by {', '.join(methods)}"
    return FittedValue("bypass", dict.fromkeys(names, share), told, count)


def _why_none(fit: ArrivalFit) -> str:
    scale = f"{fit.dispersion_at_s:.3g} s"
    return (
        f"no law: counts in {scale} vary {fit.dispersion:.3g} times as much as"
        f" {fit.posterior.model.name} says (Poisson arrivals: 1)"
    )


def _phases_in(values: list[FittedValue], prefix: str) -> list[dict[str, Any]]:
    """Return the phases that values set."""
    phases: dict[str, dict[str, Any]] = {}
    for value in values:
        for path, written in value.sets.items():
            phase, _, field = path.removeprefix(prefix).rpartition(".")
            phases.setdefault(phase, {})[field] = written
    return [phases[name] for name in phases]


def _test(of_log: tuple[float, ...], of_law: tuple[float, ...]) -> str:
    """Return the test of a law in words: hit ratios side by side."""
    parts = [
        f"{a:.1%} and {b:.1%} {f'within {ttl_s:g} s' if ttl_s < 1e6 else 'in all'}"
        for a, b, ttl_s in zip(of_log, of_law, TTLS_S, strict=True)
    ]
    off = float(np.max(np.abs(np.array(of_log) - np.array(of_law))))
    verdict = "" if off <= _MOST_OFF else "; replay is truer"
    return f"hits of the log and of the law: {', '.join(parts)}{verdict}"
