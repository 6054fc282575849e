"""Clusters: the same work on Dask, wherever its scheduler is."""

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

from simcoalesce.compiled.shard_tally import whole
from simcoalesce.experiment.result import MODEL_VERSION
from simcoalesce.experiment.run import run_shard
from simcoalesce.experiment.sweeps.executor import Executor
from simcoalesce.experiment.sweeps.point import PointDone, PointTask, PointWorker
from simcoalesce.metrics.tally import Tally
from simcoalesce.scenario.scenario import Scenario

_PATIENCE_S: Final = 20


def on_dask(address: str | None, *, jobs: int) -> Executor:
    """Return an executor on a Dask cluster.

    Dask itself does again what a worker had not done when it died.

    Args:
        address: Of the scheduler, e.g. ``host:8786``; None starts a cluster here.
        jobs: How many workers a cluster here has.

    Raises:
        ValueError: If Dask is not installed; later, if no scheduler answers, or another
            version of the model is on a worker.
    """
    if find_spec("distributed") is None:
        raise ValueError("--on dask needs an extra: pip install 'simcoalesce[dask]'")

    def execute(base: Scenario, works: Sequence[PointTask]) -> Iterator[PointDone]:
        dask: Any = import_module("distributed")
        with _client(dask, _options(address, jobs)) as client:
            _refuse_other_versions(client)
            # Sent once, and as a task: what dies with its worker is made again.
            place = client.submit(PointWorker, base, pure=False)
            futures = client.map(done_at, works, place=place, pure=False, retries=2)
            by_future = dict(zip(futures, works, strict=True))
            for future in dask.as_completed(futures, loop=client.loop):
                yield _outcome(future, by_future[future])

    return execute


def keys_on_dask(
    address: str | None, *, jobs: int, shards: int
) -> Callable[..., Tally]:
    """Return what counts one run whose keys are spread over a Dask cluster.

    Args:
        address: Of the scheduler; None starts a cluster here.
        jobs: How many workers a cluster here has.
        shards: Into how many parts to cut the keys; it changes no count.

    Raises:
        ValueError: As for `on_dask`.
    """
    if find_spec("distributed") is None:
        raise ValueError("--on dask needs an extra: pip install 'simcoalesce[dask]'")

    def count(scenario: Scenario, *, seed: int, **_hints: object) -> Tally:
        dask: Any = import_module("distributed")
        with _client(dask, _options(address, jobs)) as client:
            _refuse_other_versions(client)
            named = {"scenario": scenario, "seed": seed, "pure": False, "retries": 2}
            futures = [
                client.submit(run_shard, shard=(which, shards), **named)
                for which in range(shards)
            ]
            return whole(client.gather(futures), cpu_ns=scenario.worker.cpu_ns)

    return count


def _options(address: str | None, jobs: int) -> dict[str, Any]:
    if address:
        return {"address": address}
    return {"n_workers": jobs, "threads_per_worker": 1, "dashboard_address": None}


def _client(dask: Any, options: dict[str, Any]) -> Any:
    try:
        return dask.Client(**options, set_as_default=False, timeout=_PATIENCE_S)
    except OSError as error:
        where = options.get("address", "a cluster here")
        raise ValueError(f"no Dask scheduler answers at {where}: {error}") from None


def done_at(work: PointTask, *, place: PointWorker) -> PointDone:
    """Simulate one point on a worker."""
    return place.done(work)


def _outcome(future: Any, work: PointTask) -> PointDone:
    error = future.exception()
    if error is None:
        found: PointDone = future.result()
        return found
    return PointDone(work.place, failure=f"on the cluster: {error}")


def _refuse_other_versions(client: Any) -> None:
    found = client.run(_model_version)
    unlike = {where for where, version in found.items() if version != MODEL_VERSION}
    if unlike:
        raise ValueError(
            f"version {MODEL_VERSION} of the model is not what runs on"
            f" {', '.join(sorted(unlike))}; install the same simcoalesce everywhere"
        )


def _model_version() -> str:
    return MODEL_VERSION
