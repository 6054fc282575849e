"""The edge: a path of layers, and the traffic that goes through it."""

import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from typing import Final

from simcoalesce.model.arrivals import (
    Arrived,
    FastPath,
    serve_arrivals,
    serve_closed_loop,
)
from simcoalesce.model.clock import Clock, Fetch, Steps
from simcoalesce.model.domains import Isolates
from simcoalesce.model.follower_fast_path import FollowerFastPath
from simcoalesce.model.hit_fast_path import HitFastPath
from simcoalesce.model.kv import Namespace
from simcoalesce.model.layer import Layer
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.recorder import Recorder
from simcoalesce.model.scope import Scope
from simcoalesce.model.worker_runs import counting_runs, last_cache_before_worker
from simcoalesce.outcomes import OriginRows, Outcomes, RequestRows
from simcoalesce.request import ClosedLoop, Request, Requests
from simcoalesce.sampler import Quantiles

_MOST_VIEWS: Final = 1 << 22
"""More keys x locations than this are not worth a fast path."""


@contextmanager
def _paused_collector() -> Iterator[None]:
    """Pause the cyclic collector: a run makes no cycles, and many objects to scan.

    It goes on when they are gone, so it decorates what holds them.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@_paused_collector()
def simulate(  # noqa: PLR0913 - one argument for each thing it needs
    path: Sequence[Layer],
    traffic: Iterable[Requests] | ClosedLoop,
    *,
    seed: int,
    keys: Sequence[str],
    locations: Sequence[str],
    cpu_ns: int = 0,
    uses_fast_path: bool = True,
) -> Outcomes:
    """Send traffic through a path, and return what happened.

    Args:
        path: The layers, outermost first; the last one answers.
        traffic: Chunks in order of arrival, or clients who wait for answers.
        seed: Decides all chance in the model.
        keys: Names of the keys.
        locations: Names of the locations.
        cpu_ns: CPU time of each run of the worker, in nanoseconds.
        uses_fast_path: Whether hits and followers that are certain are completed at
            their arrival; otherwise every request has a process. It changes the time,
            and not one row.

    Returns:
        The three tables, one row for each request that arrived.
    """
    kept: list[Requests] = []
    recorder = Recorder()
    first = entrance(Clock(), recorder, seed=seed, keys=keys, locations=locations)
    _serve(path, first, traffic, kept.append, uses_fast_path=uses_fast_path)
    return recorder.outcomes(
        Requests.joined(kept), keys=keys, locations=locations, cpu_ns=cpu_ns
    )


@_paused_collector()
def stream(  # noqa: PLR0913 - one argument for each thing it needs
    path: Sequence[Layer],
    traffic: Iterable[Requests] | ClosedLoop,
    take: Callable[[RequestRows, OriginRows], None],
    *,
    arrived: Arrived = lambda _chunk: None,
    seed: int,
    keys: Sequence[str],
    locations: Sequence[str],
    cpu_ns: int = 0,
) -> dict[str, float]:
    """Send traffic through a path, and keep only what is under way.

    Args:
        path: The layers, as for `simulate`.
        traffic: The traffic, as for `simulate`.
        take: Takes the rows after each chunk: those of the next requests in order of
            arrival that are answered, and of the calls since.
        arrived: Told of each chunk that has arrived, before its rows are taken.
        seed: Decides all chance in the model.
        keys: Names of the keys.
        locations: Names of the locations.
        cpu_ns: CPU time of each run of the worker, in nanoseconds.

    Returns:
        The counted operations by unit.
    """
    calls = 0
    waiting = Requests.joined([])
    recorder = Recorder()

    def hand_over(chunk: Requests) -> None:
        nonlocal calls, waiting
        if len(chunk):
            arrived(chunk)
        waiting = Requests.joined([waiting, chunk])
        rows, called = recorder.finished(waiting)
        take(rows, called)
        calls += len(called.request)
        waiting = waiting.after(len(rows.request))

    first = entrance(Clock(), recorder, seed=seed, keys=keys, locations=locations)
    _serve(path, first, traffic, hand_over, uses_fast_path=True)
    hand_over(Requests.joined([]))
    assert not len(waiting), "each request is answered once"
    return recorder.counted(cpu_ns, calls)


def _serve(
    path: Sequence[Layer],
    first: LayerContext,
    traffic: Iterable[Requests] | ClosedLoop,
    arrived: Arrived,
    *,
    uses_fast_path: bool,
) -> None:
    """Let requests arrive at the first context, until all are answered."""
    usage = first.recorder.usage
    if uses_fast_path and not isinstance(traffic, ClosedLoop):
        first.kv.hit_fast_path = hit_fast_path(path, first)
    fetch = composed(path, first)

    told = first.recorder.answered, arrived
    if isinstance(traffic, ClosedLoop):
        usage.worker_requests += serve_closed_loop(first.clock, traffic, fetch, *told)
    else:
        fast_path = _fast_path(first)
        count = serve_arrivals(first.clock, traffic, fetch, *told, fast_path)
        usage.worker_requests += count


def _fast_path(context: LayerContext) -> FastPath | None:
    """Return what completes requests at their arrival, if anything does."""
    hits = context.kv.hit_fast_path
    if hits is None or not context.coalescing_points:
        return hits
    return FollowerFastPath(
        hits,
        context.coalescing_points[0],
        clock=context.clock,
        kv=context.kv,
        recorder=context.recorder,
    )


def hit_fast_path(path: Sequence[Layer], context: LayerContext) -> HitFastPath | None:
    """Return the fast path for hits; None if the path begins with no plain read."""
    latency = path[0].plain_read
    if latency is None or any(layer.keeps_copies for layer in path):
        return None
    own = contexts(path, context)[0].sampler(latency, "latency")
    looks_late = any(wait.is_lookup for wait in path[0].waits_before())
    views = len(context.keys) * len(context.locations)
    if not isinstance(own, Quantiles) or views > _MOST_VIEWS:
        return None
    return HitFastPath(
        context.recorder,
        keys=len(context.keys),
        locations=len(context.locations),
        reads=own,
        least_write_ns=least_write_ns(path) if looks_late else None,
    )


def least_write_ns(path: Sequence[Layer]) -> int:
    """Return what every put takes at least where the first layer of a path reads."""
    store = path[0].store
    writers = (layer for layer in path if layer.stores and layer.store == store)
    return min((layer.least_write_ns for layer in writers), default=0)


def composed(path: Sequence[Layer], context: LayerContext) -> Fetch:
    """Return the layers of a path as one function, for a context at its entrance."""
    fetch: Fetch = _unanswered
    last_cache = last_cache_before_worker(path)
    for layer, own in reversed(list(zip(path, contexts(path, context), strict=True))):
        if own.index == last_cache:
            fetch = counting_runs(fetch, context.recorder.usage)
        fetch = layer.wrap(fetch, own)
        # Who streams awaits headers alone; if the origin has no body, that is all.
        is_streamed = own.index and path[-1].streams and path[own.index - 1].streams
        if layer.resumptions and not is_streamed:
            fetch = own.domains.awaiting(fetch, layer.resumptions)
        if layer.streams and path[-1].streams and not is_streamed:
            fetch = _complete(fetch, own.clock)
    return fetch


def _complete(fetch: Fetch, clock: Clock) -> Fetch:
    """Return a way whose answers come when their bodies are there."""

    def completed(request: Request) -> Steps:
        answer = yield from fetch(request)
        return (yield from clock.complete(answer, request))

    return completed


def contexts(path: Sequence[Layer], first: LayerContext) -> list[LayerContext]:
    """Return the context of each layer of a path.

    They are found from the outside in, since an object moves what follows into itself.
    """
    found: list[LayerContext] = []
    labels = labelled(path)
    domains = first.domains
    is_client = True
    for layer, label in zip(path, labels, strict=True):
        is_client = is_client and layer.scope is Scope.ANYWHERE
        context = replace(
            first,
            domains=domains,
            inner_domains=domains,
            label=label,
            is_client=is_client,
            index=len(found),
        )
        inner = layer.inside(context)
        is_moved = inner is not domains
        found.append(replace(context, inner_domains=inner) if is_moved else context)
        domains = inner
    return found


def labelled(path: Sequence[Layer]) -> list[str]:
    """Return the name of each layer in a path, under which it draws.

    Those that may stand in front of any path are counted from the origin's side, so
    that one more in front changes no draw behind it; the others from the outside in.
    """
    labels = dict[int, str]()
    seen: Counter[str] = Counter()
    numbered = list(enumerate(path))
    in_front = [one for one in numbered if one[1].scope is Scope.ANYWHERE]
    others = [one for one in numbered if one[1].scope is not Scope.ANYWHERE]
    for index, layer in chain(others, reversed(in_front)):
        seen[layer.kind] += 1
        count = seen[layer.kind]
        labels[index] = layer.kind if count == 1 else f"{layer.kind}#{count}"
    return [labels[index] for index, _ in numbered]


def entrance(
    clock: Clock,
    recorder: Recorder,
    *,
    seed: int,
    keys: Sequence[str],
    locations: Sequence[str],
) -> LayerContext:
    """Return the context at the entrance of a path: in the isolates."""
    isolates = Isolates()
    return LayerContext(
        clock=clock,
        kv=Namespace(len(locations)),
        recorder=recorder,
        seed=seed,
        keys=keys,
        locations=locations,
        domains=isolates,
        inner_domains=isolates,
        label="",
        is_client=True,
    )


def _unanswered(request: Request) -> Steps:
    raise AssertionError(f"no layer answered request {request.id}")
