"""Which engine simulates: the readable one, or the compiled one that equals it."""

import os
from dataclasses import replace
from itertools import chain, islice
from multiprocessing import parent_process
from typing import Any, Final, Literal, TypeAlias

from simcoalesce.compiled.coverage import why_not
from simcoalesce.compiled.object_cache import is_warm
from simcoalesce.run_bounds import past_horizon
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.traffic import GeneratedTraffic

Engine: TypeAlias = Literal["auto", "simpy", "compiled"]
"""auto takes the compiled engine where it can and where it is worth the start."""

FULL_CHUNK: Final = 65_536
"""A first chunk of so many requests is the first of many."""
_REQUESTS_PER_S: Final = 60_000
"""What the SimPy engine does on one core, roughly (docs/performance.md)."""
_WARM_START_S: Final = 0.1
_COLD_START_S: Final = 4.0


def is_compiled(
    scenario: Scenario, traffic: GeneratedTraffic, engine: Engine, requests: int
) -> bool:
    """Say whether to use the compiled engine.

    Args:
        scenario: Whose path.
        traffic: The requests; only the names of keys and locations are read.
        engine: What was asked for.
        requests: How many there will be at least, over all runs to come.

    Raises:
        ValueError: If it is demanded and cannot do it.
    """
    if engine == "simpy":
        return False
    if engine == "auto" and requests < _REQUESTS_PER_S * _WARM_START_S:
        return False
    reason = why_readable(scenario, traffic)
    if engine == "compiled" and reason:
        raise ValueError(f"engine: compiled is not possible: {reason}")
    is_worth_it = requests >= _REQUESTS_PER_S * _COLD_START_S or is_warm()
    return engine == "compiled" or (not reason and is_worth_it)


def why_readable(scenario: Scenario, traffic: GeneratedTraffic) -> str:
    """Return why only the readable engine can simulate a scenario; empty if both can.

    Args:
        scenario: Whose path.
        traffic: The requests; only the names of keys and locations are read.
    """
    if traffic.closed_loop is not None:
        return "its requests wait for answers to others (closed loop)"
    reason = why_not(
        scenario.path,
        keys=len(traffic.keys),
        locations=len(traffic.locations),
        changes=scenario.changes,
    )
    if scenario.isolate_rules is not None:
        return reason or "isolates that come and go have no kernel"
    if not reason and scenario.may_pass_horizon:
        return f"{past_horizon('an instant of the run')}, if its queues or buckets fill"
    return reason


def first_counted(
    traffic: GeneratedTraffic, expected: float | None = None
) -> tuple[GeneratedTraffic, int]:
    """Return a traffic, and how many requests its first chunk has; 0 if closed.

    Of drawn traffic no chunk is made if it is known how many requests are expected.
    """
    if traffic.closed_loop is not None:
        return traffic, 0
    if traffic.drawn is not None and expected is not None:
        return traffic, min(int(expected), FULL_CHUNK)
    chunks = iter(traffic.chunks)
    first = tuple(islice(chunks, 1))
    return replace(traffic, chunks=chain(first, chunks)), sum(map(len, first))


def cores_to_spare() -> int:
    """Return how many cores there are beside the one that makes the traffic."""
    if parent_process() is not None:
        # One of several processes, e.g. of a sweep: the others have the other cores.
        return 1
    return max((os.cpu_count() or 1) - 1, 1)


def compiled_api() -> Any:
    """Return the compiled engine, imported only when it is used."""
    from simcoalesce.compiled import api  # noqa: PLC0415 - few commands want it

    return api
