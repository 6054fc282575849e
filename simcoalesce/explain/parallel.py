"""Aside: parts of an explanation that other processes do, where runs are slow."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from functools import partial
from typing import Final, ParamSpec, TypeVar

from simcoalesce.experiment.engine_choice import is_compiled
from simcoalesce.experiment.processes import processes
from simcoalesce.explain.scenario_runner import RUNS_TO_COME
from simcoalesce.scenario.scenario import Scenario

_MANY: Final = 300_000
"""So many requests take the readable engine some seconds; a process starts in less."""

P = ParamSpec("P")
T = TypeVar("T")


@contextmanager
def pool_for(scenario: Scenario, jobs: int) -> Iterator[Executor | None]:
    """Yield processes that share the runs of an explanation; None if none are worth it.

    Args:
        scenario: The incident.
        jobs: How many processes there may be.
    """
    if jobs == 1 or not _is_long(scenario):
        yield None
        return
    with processes(jobs) as pool:
        yield pool


def _is_long(scenario: Scenario) -> bool:
    """Say whether the readable engine has many requests to serve."""
    traffic, duration_ns = scenario.traffic, scenario.duration_ns
    requests = RUNS_TO_COME * int(traffic.expected_requests(duration_ns))
    generated = traffic.generate(seed=scenario.seed, duration_ns=duration_ns)
    return requests > _MANY and not is_compiled(
        scenario, generated, scenario.engine, requests
    )


def begun(
    pool: Executor | None,
    function: Callable[P, T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> Callable[[], T]:
    """Begin something elsewhere, if there is a pool; return how to get what it gives.

    Without a pool it is done when it is asked for.
    """
    if pool is None:
        return partial(function, *args, **kwargs)
    return pool.submit(function, *args, **kwargs).result
