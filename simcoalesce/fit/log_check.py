"""What a log must be to be fitted, and what its reader must know."""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.fit.fitted_value import AS_ASKED, FittedValue, FittedValues
from simcoalesce.fit.key_rules import FittedKeys, fitted_keys
from simcoalesce.fit.traffic_choice import TrafficChoice, chosen_traffic
from simcoalesce.logs.key_rule import KeyRule
from simcoalesce.logs.log import Log
from simcoalesce.units import NS_PER_S, format_duration

FEWEST_CALLS: Final = 100
"""So few calls of the origin tell nothing of a cache."""
_MOST_TWICE_RATIO: Final = 0.3
_PRIME: Final = np.uint64(0x9E3779B97F4A7C15)
_FINE_NS: Final = 1_000_000


def check_log(log: Log) -> None:
    """Refuse a log that has another meaning than a line for each request.

    Raises:
        ValueError: If many of its lines are the same as another one.
    """
    if not len(log):
        raise ValueError(f"{log.name} has no request that can be used")
    if log.stamp_ns > _FINE_NS or "duration" not in log.fields:
        return
    twice = len(log) - len(np.unique(_fingerprints(log)))
    if twice > _MOST_TWICE_RATIO * len(log):
        raise ValueError(
            f"{log.name} has several lines for a request: {twice:,} of {len(log):,} are"
            " the same as another one; fit the log of one server, or of one layer"
        )


def _fingerprints(log: Log) -> NDArray[np.uint64]:
    """Return a number for each line: the same one if all columns are the same."""
    columns = (log.target, log.method, log.status, log.duration_ns, log.origin_ns)
    mixed = log.at_ns.astype(np.uint64)
    for column in columns:
        mixed = mixed * _PRIME + column.astype(np.int64).astype(np.uint64)
        mixed ^= mixed >> np.uint64(29)
    return mixed


def given_values(log: Log, traffic: TrafficChoice, key: KeyRule | None) -> FittedValues:
    """Return what the user says, in place of what estimators would find."""
    given = FittedValues((chosen_traffic(traffic),))
    if key is None:
        return given
    keys = fitted_keys(log, key)
    rule = FittedValue("key_rule", {}, AS_ASKED, text=keys.text, result=keys)
    return given.plus(rule)


def why_no_verdict(values: FittedValues) -> str:
    """Return why a log decides nothing of a cache; empty if it may."""
    keys: FittedKeys = values.result("key_rule")
    if keys.events is None:
        return "the log does not tell which requests called the origin"
    calls = int(keys.events.calls.sum())
    if calls < FEWEST_CALLS:
        return (
            f"{calls:,} calls of the origin tell nothing of a cache"
            f" ({FEWEST_CALLS} are needed)"
        )
    return ""


def warnings_of(log: Log, values: FittedValues) -> Iterator[str]:
    """Yield what a reader of a fit must know, as sentences."""
    yield from log.warnings
    if log.starts == "ends":
        yield (
            "Stamps are the ends of requests, and the log has no durations: a burst is"
            " as long as its slowest answers make it."
        )
    if log.stamp_ns < NS_PER_S:
        return
    for value in values:
        if value.name.startswith("burst") and value.name.endswith("length"):
            low = value.interval[0] if value.interval else ""
            if low and float(low.removesuffix("s")) < log.stamp_ns / NS_PER_S:
                stamp = format_duration(log.stamp_ns)
                yield (
                    f"Stamps of {stamp} do not tell how short a burst was: its length"
                    " is anything in its interval."
                )
