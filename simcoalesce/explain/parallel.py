"""Parallel: processes that share the runs of an explanation where these are slow."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from typing import Final, NamedTuple, ParamSpec, TypeVar

from simcoalesce.experiment.engine_choice import is_compiled
from simcoalesce.explain.scenario_runner import RUNS_TO_COME
from simcoalesce.processes import NotStartedError, processes
from simcoalesce.scenario.foreign import local_types
from simcoalesce.scenario.scenario import Scenario

_MANY: Final = 300_000
"""The readable engine takes seconds for so many requests; a process starts faster."""

P = ParamSpec("P")
T = TypeVar("T")


class Pools(NamedTuple):
    """Processes that take a part of an explanation; None where none pays.

    Attributes:
        searching: Those that search for hypotheses meanwhile.
        measuring: Those that share its runs.
    """

    searching: Executor | None = None
    measuring: Executor | None = None


@contextmanager
def pools_for(scenario: Scenario, jobs: int) -> Iterator[Pools]:
    """Yield the processes that share the work of an explanation.

    A search takes hundreds of runs, so it has a process of its own in any case. There
    are none if the scenario has a layer that they cannot import, e.g. of a notebook.

    Args:
        scenario: The incident.
        jobs: How many processes there may be.
    """
    is_slow = _is_slow(scenario)
    if jobs == 1 or local_types(scenario.extra) or not (is_slow or _is_told(scenario)):
        yield Pools()
        return
    with ExitStack() as stack:
        pool = None
        with suppress(NotStartedError):
            pool = stack.enter_context(processes(jobs if is_slow else 1))
        yield Pools(pool, pool if is_slow else None)


def _is_told(scenario: Scenario) -> bool:
    """Say whether something was observed that may contradict the rest."""
    return any(one.that for one in scenario.observations)


def _is_slow(scenario: Scenario) -> bool:
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

    Without a pool, or if no process can be started, it is called when its result is
    asked for.
    """
    if pool is not None:
        with suppress(NotStartedError):
            return pool.submit(function, *args, **kwargs).result
    return partial(function, *args, **kwargs)
