"""kv.read: look in the namespace; only a miss goes on."""

from collections.abc import Callable
from typing import ClassVar, Literal

from typing_extensions import override

from simcoalesce.distribution import Latency
from simcoalesce.model.clock import START, Fetch, Steps
from simcoalesce.model.kv import Entry
from simcoalesce.model.layer import Layer, Site
from simcoalesce.request import Request
from simcoalesce.spec import default
from simcoalesce.units import Duration


class KvRead(Layer):
    """A read answers with what its location can see, at its start or at its end."""

    section: ClassVar[str] = "kv"

    kind: Literal["kv.read"] = "kv.read"
    read_latency: Latency = default("5ms")
    """Time to read a key that this location has read lately."""
    cold_read_latency: Latency | None = None
    """Time to read any other key; as `read_latency` if absent."""
    hot_for_ns: Duration = default("60s")
    """How long a key stays hot at a location that has read it."""
    read_at: Literal["start", "end"] = "start"
    """Whether a read sees what is visible when it is issued, or when it answers."""
    cache_ttl_ns: Duration = default("0s")
    """How long a location goes on reading a value that it has read."""
    negative_ttl_ns: Duration = default("0s")
    """How long a location goes on reading absence after it has read absence."""

    @override
    def wrap(self, fetch: Fetch, site: Site) -> Fetch:
        clock, kv, usage = site.clock, site.kv, site.recorder.usage
        location_of = site.place.location_of
        served_by = site.recorder.code_of("kv")
        takes_ns = self._timing(site)
        cache_ns = (self.cache_ttl_ns, self.negative_ttl_ns)
        looks_late = self.read_at == "end"

        def look(request: Request) -> Entry | None:
            now_ns = clock.now_ns
            entry = kv.look(request.key, location_of(request), now_ns, cache_ns)
            return entry if entry is not None and now_ns < entry.expires_at_ns else None

        def read(request: Request) -> Steps:
            usage.kv_reads += 1
            entry = None if looks_late else look(request)
            yield clock.now_ns + takes_ns(request), START + request.id
            if looks_late:
                entry = look(request)
            if entry is not None:
                return entry.answer.as_hit(served_by)
            return (yield from fetch(request))

        return read

    def _timing(self, site: Site) -> Callable[[Request], int]:
        hot = site.sampler(self.read_latency, "latency")
        constant_ns = hot.constant_ns
        if self.cold_read_latency is None:
            if constant_ns is not None:
                return lambda _: constant_ns
            return lambda request: hot.draw(request.id, request.attempt)
        cold = site.sampler(self.cold_read_latency, "cold_latency")
        clock, kv, hot_ns = site.clock, site.kv, self.hot_for_ns
        location_of = site.place.location_of

        def takes_ns(request: Request) -> int:
            location = location_of(request)
            is_hot = kv.is_hot(request.key, location, clock.now_ns, hot_ns)
            return (hot if is_hot else cold).draw(request.id, request.attempt)

        return takes_ns
