"""Parallel: processes that share the runs of an explanation where these are slow."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from functools import partial
from typing import Final, ParamSpec, TypeVar

from simcoalesce.experiment.engine_choice import is_compiled
from simcoalesce.experiment.processes import processes
from simcoalesce.explain.scenario_runner import RUNS_TO_COME
from simcoalesce.scenario.foreign import local_types
from simcoalesce.scenario.scenario import Scenario

_MANY: Final = 300_000
"""The readable engine takes seconds for so many requests; a process starts faster."""

P = ParamSpec("P")
T = TypeVar("T")


@contextmanager
def pool_for(scenario: Scenario, jobs: int) -> Iterator[Executor | None]:
    """Yield processes that share the runs of an explanation; None if they do not pay.

    None too if the scenario has a layer that they cannot import, e.g. of a notebook.

    Args:
        scenario: The incident.
        jobs: How many processes there may be.
    """
    if jobs == 1 or local_types(scenario.extra) or not _is_long(scenario):
        yield None
        return
    with processes(jobs) as pool:
        yield pool


def _is_long(scenario: Scenario) -> bool:
    """Say whether the readable engine has to simulate many requests."""
    traffic, duration_ns = scenario.traffic, scenario.duration_ns
    requests = RUNS_TO_COME * int(traffic.expected_requests(duration_ns))
    generated = traffic.generate(seed=scenario.seed, duration_ns=duration_ns)
    return requests > _MANY and not is_compiled(
        scenario, generated, scenario.engine, requests
    )


def submit(
    pool: Executor | None,
    function: Callable[P, T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> Callable[[], T]:
    """Start a function in another process; return a function that gives its result.

    Without a pool it is called when its result is asked for.
    """
    if pool is None:
        return partial(function, *args, **kwargs)
    return pool.submit(function, *args, **kwargs).result
