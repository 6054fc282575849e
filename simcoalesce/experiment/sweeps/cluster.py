"""Clusters: the same work on Dask, wherever its scheduler is."""

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from copy import copy
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

from simcoalesce.compiled.shard_tally import whole
from simcoalesce.compiled.shards import why_whole
from simcoalesce.experiment.result import MODEL_VERSION
from simcoalesce.experiment.single_run import run_shard, run_tally
from simcoalesce.experiment.sweeps.executor import (
    Executor,
    in_processes,
    in_this_process,
)
from simcoalesce.experiment.sweeps.point import (
    PointDone,
    PointTask,
    PointWorker,
    SweepPoint,
)
from simcoalesce.metrics.tally import Tally
from simcoalesce.processes import processors
from simcoalesce.scenario.scenario import Scenario

_PATIENCE_S: Final = 20
_TLS: Final = "tls://"
_SCHEMES: Final = {"dask": "", "dask+tls": _TLS}
"""What Dask calls the address of each."""
_GONE: Final = "the Dask scheduler{where} is gone; start it, and go on"
_NOISY: Final = ("distributed", "asyncio", "tornado")


def scheduler(on: str) -> str | None:
    """Return the address of a Dask scheduler; None is a cluster on this machine.

    Args:
        on: ``dask-local``, ``dask://HOST:PORT``, or ``dask+tls://HOST:PORT``, which
            takes the certificates of Dask's own configuration.

    Raises:
        ValueError: If it is neither, or Dask is not installed.
    """
    scheme, _, address = on.partition("://")
    if on != "dask-local" and (scheme not in _SCHEMES or not address):
        raise ValueError(
            f"--on {on}: write here, dask-local, dask+tls://HOST:PORT, or"
            " dask://HOST:PORT where nobody else can connect"
        )
    if find_spec("distributed") is None:
        raise ValueError("--on dask needs an extra: pip install 'simcoalesce[dask]'")
    return f"{_SCHEMES[scheme]}{address}" if address else None


def executor_on(on: str, *, jobs: int | None, points: int) -> tuple[Executor, int]:
    """Return who does the work of a sweep, and how many they are.

    Args:
        on: ``here``, or as for `scheduler`.
        jobs: How many processes or workers; as many as there are cores if absent.
        points: How many points there are: no more workers than these.

    Raises:
        ValueError: As for `scheduler`.
    """
    workers = min(jobs or processors(), max(points, 1))
    if on == "here":
        return (in_this_process if workers == 1 else in_processes(workers)), workers
    return on_dask(scheduler(on), jobs=workers), workers


def tally_on(on: str, scenario: Scenario, shards: int | None) -> Callable[..., Tally]:
    """Return what simulates a run without rows, as `run_tally` does; no count changes.

    Args:
        on: ``here``, or as for `scheduler`.
        scenario: What is to be simulated; if its keys share something, clients wait
            for answers or ask for pages, it is asked for a part of the requests or of
            the run, or the edge changes in mid-run, here.
        shards: Into how many parts to cut its keys.

    Raises:
        ValueError: As for `scheduler`.
    """
    address = None if on == "here" else scheduler(on)
    traffic = scenario.traffic
    is_whole = any(
        (
            *(traffic.is_closed, traffic.has_pages, scenario.isolate_rules),
            *(scenario.selected_metrics, scenario.measure, scenario.changes),
        )
    )
    if on == "here" or is_whole or why_whole(scenario.path):
        return partial(run_tally, shards=shards)
    jobs = shards or processors()
    return tally_on_dask(address, jobs=jobs, shards=jobs)


def on_dask(address: str | None, *, jobs: int) -> Executor:
    """Return an executor on a Dask cluster.

    Dask itself does again what a worker had not done when it died. What a scheduler had
    not done fails with it. The executor raises ValueError if no scheduler answers, or a
    worker has another version of the model.

    Args:
        address: Of the scheduler, e.g. ``host:8786``; None starts a cluster here.
        jobs: How many workers a cluster here has.
    """

    def execute(worker: PointWorker, tasks: Sequence[PointTask]) -> Iterator[PointDone]:
        dask: Any = import_module("distributed")
        with _client(address, jobs) as client:
            # Sent once, and as a task: what dies with its worker is made again.
            there = client.submit(copy, worker, pure=False)
            futures = client.map(done_by, tasks, worker=there, pure=False, retries=2)
            by_future = dict(zip(futures, tasks, strict=True))
            gone = _gone(address)
            for future in dask.as_completed(futures, loop=client.loop):
                yield _outcome(future, by_future[future], gone)

    return execute


def tally_on_dask(
    address: str | None, *, jobs: int, shards: int
) -> Callable[..., Tally]:
    """Return what simulates a run whose keys are spread over a Dask cluster.

    Args:
        address: As for `on_dask`.
        jobs: As for `on_dask`.
        shards: Into how many parts to cut the keys; it changes no count.
    """

    def tally(scenario: Scenario, *, seed: int, **_hints: object) -> Tally:
        with _client(address, jobs) as client:
            named = {"scenario": scenario, "seed": seed, "pure": False, "retries": 2}
            futures = [
                client.submit(run_shard, shard=(which, shards), **named)
                for which in range(shards)
            ]
            try:
                parts = client.gather(futures)
            except (CancelledError, OSError):
                raise ValueError(_gone(address)) from None
            return whole(parts, cpu_ns=scenario.worker.cpu_ns)

    return tally


@contextmanager
def _client(address: str | None, jobs: int) -> Iterator[Any]:
    """Yield a client of a cluster whose workers have this version of the model."""
    dask: Any = import_module("distributed")
    options = _options(dask, address, jobs)
    try:
        client = dask.Client(**options, set_as_default=False, timeout=_PATIENCE_S)
    except (OSError, ValueError) as error:
        where = address or "a cluster here"
        raise ValueError(f"no Dask scheduler answers at {where}: {error}") from None
    with _quiet(), client:
        try:
            found = client.run(_model_version)
        except (CancelledError, OSError):
            raise ValueError(_gone(address)) from None
        unlike = {where for where, version in found.items() if version != MODEL_VERSION}
        if unlike:
            raise ValueError(
                f"version {MODEL_VERSION} of the model is not what runs on"
                f" {', '.join(sorted(unlike))}; install the same simcoalesce everywhere"
            )
        yield client


def _options(dask: Any, address: str | None, jobs: int) -> dict[str, Any]:
    """Return which cluster a client is of.

    Raises:
        ValueError: If its connections are encrypted, and no certificates are known.
    """
    if address is None:
        return {"n_workers": jobs, "threads_per_worker": 1, "dashboard_address": None}
    if not address.startswith(_TLS):
        return {"address": address}
    security = dask.Security(require_encryption=True)
    if not (security.tls_ca_file and security.tls_client_cert):
        raise ValueError(
            "--on dask+tls needs certificates; write in Dask's configuration"
            " distributed.comm.tls: ca-file, client.cert and client.key, or in the"
            " environment DASK_DISTRIBUTED__COMM__TLS__CA_FILE, ...TLS__CLIENT__CERT"
            " and ...TLS__CLIENT__KEY"
        )
    return {"address": address, "security": security}


@contextmanager
def _quiet() -> Iterator[None]:
    """Let a cluster say nothing of a scheduler that dies: we say it ourselves.

    After an error it stays so, since its threads notice later.
    """
    loggers = [logging.getLogger(name) for name in _NOISY]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    yield
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


def _gone(address: str | None) -> str:
    return _GONE.format(where=f" at {address}" if address else "")


def _model_version() -> str:
    return MODEL_VERSION


def done_by(task: PointTask, *, worker: PointWorker) -> PointDone:
    """Simulate one point on a worker of the cluster."""
    return worker.done(task)


def _outcome(future: Any, task: PointTask, gone: str) -> PointDone:
    index, overrides = task
    if future.status in {"cancelled", "lost"}:
        return index, SweepPoint(overrides, failure=gone)
    try:
        error = future.exception()
        if error is None:
            found: PointDone = future.result()
            return found
    except (CancelledError, OSError):
        return index, SweepPoint(overrides, failure=gone)
    return index, SweepPoint(overrides, failure=f"on the cluster: {error}")
