"""The edge: a path of layers, and the traffic that goes through it."""

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from simcoalesce.model.arrivals import Arrived, serve_arrivals, serve_closed_loop
from simcoalesce.model.bypass import bypassing
from simcoalesce.model.change import NOTHING_ELSE, Agenda
from simcoalesce.model.clock import Clock, Fetch, Steps
from simcoalesce.model.contexts import contexts
from simcoalesce.model.domains import Isolates
from simcoalesce.model.fast_path import fast_path, hit_fast_path
from simcoalesce.model.isolate_pool import IsolatePool, IsolateRules, isolate_pool
from simcoalesce.model.kv import Namespace
from simcoalesce.model.layer import Layer
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.recorder import Recorder
from simcoalesce.model.trace import BODY, SpanTrace, Tell
from simcoalesce.model.worker_runs import (
    counting_runs,
    last_cache_before_worker,
    worker_begins,
)
from simcoalesce.outcomes import OriginRows, Outcomes, RequestRows
from simcoalesce.request import ClosedLoop, Request, Requests


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
    agenda: Agenda = NOTHING_ELSE,
    isolates: IsolateRules | None = None,
    uses_fast_path: bool = True,
    trace: SpanTrace | None = None,
    is_noted: bool = False,
) -> Outcomes:
    """Send traffic through a path, and return what happened.

    Args:
        path: The layers, outermost first; the last one answers.
        traffic: Chunks in order of arrival, or clients who wait for answers.
        seed: Decides all chance in the model.
        keys: Names of the keys.
        locations: Names of the locations.
        cpu_ns: CPU time of each run of the worker, in nanoseconds.
        agenda: What happens besides, and until when requests arrive.
        isolates: How isolates come and go; if absent, those of the traffic stay.
        uses_fast_path: Whether hits and followers that are certain are completed at
            their arrival; otherwise every request has a process. It changes the time,
            and not one row.
        trace: What follows one of the requests; it changes not one row either.
        is_noted: Whether to note when events of layers happen.

    Returns:
        The three tables, one row for each request that arrived.
    """
    kept: list[Requests] = []
    clock = Clock()
    recorder = Recorder((lambda: clock.now_ns) if is_noted else None)
    names = {"keys": keys, "locations": locations}
    first = entrance(clock, recorder, agenda, seed=seed, **names)
    first = replace(first, trace=trace)
    is_fast = uses_fast_path and not agenda.changes
    _serve(path, first, traffic, kept.append, isolates, uses_fast_path=is_fast)
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
    agenda: Agenda = NOTHING_ELSE,
    isolates: IsolateRules | None = None,
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
        agenda: What happens besides, and until when requests arrive.
        isolates: How isolates come and go.

    Returns:
        The counted operations by unit.
    """
    calls, waiting = 0, Requests.joined([])
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

    names = {"keys": keys, "locations": locations}
    first = entrance(Clock(), recorder, agenda, seed=seed, **names)
    _serve(path, first, traffic, hand_over, isolates, uses_fast_path=not agenda.changes)
    hand_over(Requests.joined([]))
    assert not len(waiting), "each request is answered once"
    return recorder.counted(cpu_ns, calls)


def _serve(
    path: Sequence[Layer],
    first: LayerContext,
    traffic: Iterable[Requests] | ClosedLoop,
    arrived: Arrived,
    isolates: IsolateRules | None,
    *,
    uses_fast_path: bool,
) -> None:
    """Let requests arrive at the first context, until all are answered."""
    usage = first.recorder.usage
    pool = isolate_pool(isolates, first)
    # Who is completed at its arrival would enter no isolate.
    is_fast = uses_fast_path and pool is None
    if is_fast and not isinstance(traffic, ClosedLoop):
        first.kv.hit_fast_path = hit_fast_path(path, first)
    fetch = composed(path, first, pool)

    told = first.recorder.answered, arrived
    if isinstance(traffic, ClosedLoop):
        usage.worker_requests += serve_closed_loop(first.clock, traffic, fetch, *told)
    else:
        completing = fast_path(first)
        if completing is not None and first.trace is not None:
            completing = first.trace.besides(completing)
        count = serve_arrivals(first.clock, traffic, fetch, *told, completing)
        usage.worker_requests += count


def composed(
    path: Sequence[Layer], context: LayerContext, pool: IsolatePool | None = None
) -> Fetch:
    """Return the layers of a path as one function, for a context at its entrance."""
    fetch: Fetch = _unanswered
    last_cache = last_cache_before_worker(path)
    begin = None if pool is None else worker_begins(path)
    for layer, own in reversed(list(zip(path, contexts(path, context), strict=True))):
        if own.index == last_cache:
            fetch = counting_runs(fetch, context.recorder.usage)
        past, fetch = fetch, layer.wrap(fetch, own)
        if layer.is_bypassed:
            fetch = bypassing(fetch, past)
        # Who streams awaits headers alone; if the origin has no body, that is all.
        is_streamed = own.index and path[-1].streams and path[own.index - 1].streams
        if layer.resumptions and not is_streamed:
            fetch = own.domains.awaiting(fetch, layer.resumptions, own.tell_at)
        if layer.streams and path[-1].streams and not is_streamed:
            fetch = _complete(fetch, own.clock, own.tell)
        if pool is not None and own.index == begin:
            fetch = pool.entering(fetch, own.tell_at("isolate"))
        if own.trace is not None:
            watched = own.index, own.clock, own.domains.domain_of
            fetch = own.trace.watching(fetch, *watched)
    return fetch


def _complete(fetch: Fetch, clock: Clock, tell: Tell | None) -> Fetch:
    """Return a way whose answers come when their bodies are there."""

    def completed(request: Request) -> Steps:
        answer = yield from fetch(request)
        if tell is not None:
            tell(request, BODY, answer.complete_at_ns)
        return (yield from clock.complete(answer, request))

    return completed


def entrance(
    clock: Clock,
    recorder: Recorder,
    agenda: Agenda = NOTHING_ELSE,
    *,
    seed: int,
    keys: Sequence[str],
    locations: Sequence[str],
) -> LayerContext:
    """Return the context at the entrance of a path: in the isolates."""
    isolates = Isolates()
    context = LayerContext(
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
        keys_at_start=agenda.keys_at_start,
        ends_at_ns=agenda.ends_at_ns,
    )
    agenda.begin(context.changeable, clock, keys=keys, seed=seed)
    return context


def _unanswered(request: Request) -> Steps:
    raise AssertionError(f"no layer answered request {request.id}")
