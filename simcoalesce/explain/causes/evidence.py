"""Evidence in a run: how stored values ended, and what a perfect cache would leave."""

from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from simcoalesce.experiment.single_run import run
from simcoalesce.explain.scenario_edit import ScenarioEdit, Written
from simcoalesce.explain.timeline.stampede_windows import (
    StampedeWindow,
    clusters,
    stampede_windows,
)
from simcoalesce.model.causes import LASTING
from simcoalesce.model.layer import Layer
from simcoalesce.outcomes import Outcomes
from simcoalesce.scenario.scenario import Scenario

Expiries: TypeAlias = Literal["expiry", "short_ttl", "synchronized_expiry"]
"""How values ended: one by one while they were asked for; before anybody asked again;
many keys together."""

MOST: Final = 0.5
"""From this share on it is most."""
_TOGETHER_RATIO: Final = 1 / 20
"""Values that end within this share of a ttl end together."""
_MANY: Final = 10
"""So many keys are many."""
_DENSER: Final = 3
"""How many times as many as on average must end together."""


def expiries_of(outcomes: Outcomes, path: Sequence[Layer]) -> Expiries:
    """Return how most stored values ended in a run, by the misses that followed."""
    ttl_ns = min(_lifetimes_ns(path), default=0)
    is_warm = any(one.held_at_start for one in path)
    ended, windows = (
        found if is_warm else _windows_again(found)
        for found in (stampede_windows(outcomes), clusters(outcomes))
    )
    if not windows or not ttl_ns:
        return "expiry"
    if ended and _end_together(ended, ttl_ns):
        return "synchronized_expiry"
    gaps_ns = _gaps_ns(outcomes, windows)
    misses = np.array([one.misses for one in windows])
    late = misses[gaps_ns >= ttl_ns].sum()
    return "short_ttl" if 2 * late > misses.sum() else "expiry"


def _lifetimes_ns(path: Sequence[Layer]) -> list[int]:
    """Return the ttl of each layer that says that its values expire."""
    lasting = (layer for layer in path if "expiry" in layer.causes())
    return [int(getattr(layer, "ttl_ns", 0)) for layer in lasting]


def _windows_again(windows: Sequence[StampedeWindow]) -> list[StampedeWindow]:
    """Return the windows of keys that had one before."""
    seen: set[tuple[int, int]] = set()
    again = []
    for one in windows:
        if (one.key, one.location) in seen:
            again.append(one)
        seen.add((one.key, one.location))
    return again


def _end_together(windows: Sequence[StampedeWindow], ttl_ns: int) -> bool:
    """Say whether values of many keys ended within a small part of their lifetime."""
    opened_ns = np.sort([one.opened_at_ns for one in windows])
    width_ns = max(int(ttl_ns * _TOGETHER_RATIO), 1)
    within = np.searchsorted(opened_ns, opened_ns + width_ns) - np.arange(
        len(opened_ns)
    )
    span_ns = max(int(opened_ns[-1] - opened_ns[0]), ttl_ns)
    usual = len(windows) * width_ns / span_ns
    start_ns = opened_ns[int(within.argmax())]
    keys = {one.key for one in windows if 0 <= one.opened_at_ns - start_ns <= width_ns}
    return len(keys) >= _MANY and int(within.max()) >= _DENSER * usual


def _gaps_ns(
    outcomes: Outcomes, windows: Sequence[StampedeWindow]
) -> NDArray[np.int64]:
    """Return for how long nobody had asked for the key of each window."""
    rows = outcomes.request_rows
    group = rows.location * len(outcomes.keys) + rows.key
    order = np.lexsort((rows.arrived_at_ns, group))
    arrived_ns = rows.arrived_at_ns[order]
    since_ns = np.diff(arrived_ns, prepend=arrived_ns[:1])
    which = zip(group[order].tolist(), arrived_ns.tolist(), strict=True)
    gap_of = dict(zip(which, since_ns.tolist(), strict=True))
    keys = len(outcomes.keys)
    return np.array(
        [gap_of.get((w.location * keys + w.key, w.opened_at_ns), 0) for w in windows]
    )


def perfect_cache(scenario: Scenario, seed: int) -> Outcomes:
    """Return a run in which every key is fetched once, and then found by all.

    Its path is one cache for all locations, whose misses share a fetch and whose
    values last, in front of the same origin; it holds at the start what a store of the
    path holds.
    """
    edit = ScenarioEdit(scenario)
    cache: Written = {"scope": "global", "ttl": LASTING, "lock": True}
    for parameters in (one for entry in edit.path for one in entry.values()):
        if "initial" in parameters:
            cache["initial"] = parameters["initial"] | {"age": "0ms"}
    edit.path[:] = [{"cdn": cache}, edit.path[-1]]
    edit.document["changes"] = []
    return run(edit.scenario(), seed=seed)
