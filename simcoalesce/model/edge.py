"""The edge: a path of layers, and the traffic that goes through it."""

import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from simcoalesce.distribution import Constant
from simcoalesce.model.clock import Clock, Fetch, Steps
from simcoalesce.model.followers import Followers
from simcoalesce.model.foresight import Foresight
from simcoalesce.model.kv import Namespace
from simcoalesce.model.layer import Isolates, Layer, Place, Site
from simcoalesce.model.layers.kv_read import KvRead
from simcoalesce.model.layers.kv_write import KvWrite
from simcoalesce.model.recorder import Recorder
from simcoalesce.model.serving import Settler, serve
from simcoalesce.outcomes import OriginRows, Outcomes, RequestRows
from simcoalesce.request import Request, Requests
from simcoalesce.sampler import Quantiles

_MOST_PLACES: Final = 1 << 22
"""More keys x locations than this are not worth looking ahead."""


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
    stretches: Iterable[Requests],
    *,
    seed: int,
    keys: Sequence[str],
    locations: Sequence[str],
    cpu_ns: int = 0,
    foresees: bool = True,
) -> Outcomes:
    """Send traffic through a path, and return what happened.

    Args:
        path: The layers, outermost first; the last one answers.
        stretches: The traffic, in order of arrival.
        seed: Decides all chance in the model.
        keys: Names of the keys.
        locations: Names of the locations.
        cpu_ns: CPU time of each worker request, in nanoseconds.
        foresees: Whether hits and followers that are foreseen are settled in bulk;
            otherwise every request has its process. It changes the time, and not one
            row.

    Returns:
        The three tables, one row for each request that arrived.
    """
    kept: list[Requests] = []
    recorder = Recorder()
    first = entrance(Clock(), recorder, seed=seed, keys=keys, locations=locations)
    _serve(path, first, _kept(stretches, kept), foresees=foresees)
    return recorder.outcomes(
        Requests.joined(kept), keys=keys, locations=locations, cpu_ns=cpu_ns
    )


@_paused_collector()
def stream(  # noqa: PLR0913 - one argument for each thing it needs
    path: Sequence[Layer],
    stretches: Iterable[Requests],
    take: Callable[[RequestRows, OriginRows], None],
    *,
    seed: int,
    keys: Sequence[str],
    locations: Sequence[str],
    cpu_ns: int = 0,
) -> dict[str, float]:
    """Send traffic through a path, and keep only what is under way.

    Args:
        path: The layers, as for `simulate`.
        stretches: The traffic.
        take: Takes the rows after each stretch: those of the next requests in order of
            arrival that are answered, and of the calls since.
        seed: Decides all chance in the model.
        keys: Names of the keys.
        locations: Names of the locations.
        cpu_ns: CPU time of each worker request, in nanoseconds.

    Returns:
        The counted operations by unit.
    """
    calls = 0
    waiting = Requests.joined([])
    recorder = Recorder()

    def hand_over() -> None:
        nonlocal calls, waiting
        rows, called = recorder.finished(waiting)
        take(rows, called)
        calls += len(called.request)
        waiting = waiting.after(len(rows.request))

    def coming() -> Iterator[Requests]:
        nonlocal waiting
        for stretch in stretches:
            waiting = Requests.joined([waiting, stretch])
            yield stretch
            hand_over()

    first = entrance(Clock(), recorder, seed=seed, keys=keys, locations=locations)
    _serve(path, first, coming(), foresees=True)
    hand_over()
    assert not len(waiting), "each request is answered once"
    return recorder.counted(cpu_ns, calls)


def _serve(
    path: Sequence[Layer], first: Site, stretches: Iterable[Requests], *, foresees: bool
) -> None:
    """Let requests arrive at the first site, until all are answered."""
    clock, recorder = first.clock, first.recorder
    if foresees:
        first.kv.foresight = foreseen(path, first)
    fetch = composed(path, first)

    arrived = serve(clock, stretches, fetch, recorder.answered, _settler(first))
    recorder.usage.worker_requests += arrived


def _settler(site: Site) -> Settler | None:
    """Return who settles requests at their arrival, if anybody does."""
    hits = site.kv.foresight
    if hits is None or not site.meetings:
        return hits
    return Followers(
        hits,
        site.meetings[0],
        clock=site.clock,
        kv=site.kv,
        recorder=site.recorder,
    )


def foreseen(path: Sequence[Layer], site: Site) -> Foresight | None:
    """Return the foresight of a path; None if it does not begin with a plain read."""
    first = path[0]
    reads = [layer for layer in path if isinstance(layer, KvRead)]
    if not isinstance(first, KvRead) or not first.is_plain():
        return None
    if any(read.keeps_copies() for read in reads):
        return None
    own = sites(path, site)[0].sampler(first.read_latency, "latency")
    places = len(site.keys) * len(site.locations)
    if not isinstance(own, Quantiles) or places > _MOST_PLACES:
        return None
    return Foresight(
        site.recorder,
        places=places,
        locations=len(site.locations),
        reads=own,
        least_write_ns=least_write_ns(path) if first.read_at == "end" else None,
    )


def least_write_ns(path: Sequence[Layer]) -> int:
    """Return what every put of a path takes at least, as far as that is known."""
    writes = [layer.write_latency for layer in path if isinstance(layer, KvWrite)]
    known = [w.value_ns if isinstance(w, Constant) else 0 for w in writes]
    return min(known, default=0)


def composed(path: Sequence[Layer], site: Site) -> Fetch:
    """Return the way through all layers, from a site at the entrance on."""
    fetch: Fetch = _nowhere
    for layer, own in reversed(list(zip(path, sites(path, site), strict=True))):
        fetch = layer.wrap(fetch, own)
        if layer.events:
            fetch = own.place.awaiting(fetch, layer.events)
    return fetch


def sites(path: Sequence[Layer], first: Site) -> list[Site]:
    """Return where each layer of a path stands.

    They are found from the outside in, since an object moves what follows into itself.
    """
    found: list[Site] = []
    seen: Counter[str] = Counter()
    place: Place = first.place
    is_client = True
    for layer in path:
        seen[layer.kind] += 1
        count = seen[layer.kind]
        is_client = is_client and layer.is_client_side
        site = replace(
            first,
            place=place,
            inner=place,
            label=layer.kind if count == 1 else f"{layer.kind}#{count}",
            is_client=is_client,
            index=len(found),
        )
        inner = layer.inside(site)
        found.append(site if inner is place else replace(site, inner=inner))
        place = inner
    return found


def entrance(
    clock: Clock,
    recorder: Recorder,
    *,
    seed: int,
    keys: Sequence[str],
    locations: Sequence[str],
) -> Site:
    """Return the site at the entrance of a path: in the isolates, before any layer."""
    isolates = Isolates()
    return Site(
        clock=clock,
        kv=Namespace(len(locations)),
        recorder=recorder,
        seed=seed,
        keys=keys,
        locations=locations,
        place=isolates,
        inner=isolates,
        label="",
        is_client=True,
    )


def _kept(stretches: Iterable[Requests], kept: list[Requests]) -> Iterable[Requests]:
    for stretch in stretches:
        kept.append(stretch)
        yield stretch


def _nowhere(request: Request) -> Steps:
    raise AssertionError(f"no layer answered request {request.id}")
