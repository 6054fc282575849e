"""Plain SimPy models, as one writes them by hand: a process for each request.

The sale is that of docs/9pm_in_plain_simpy.md with four paths, any traffic of constant
latencies, and a row for each request. Its counts are the simulator's, so the two do the
same work.
"""

from collections.abc import Generator
from typing import Any, NamedTuple

import numpy as np
import simpy

from benchmarks.lindley import Customers
from simcoalesce.traffic import GeneratedTraffic
from simcoalesce.units import NS_PER_S

MS = 1_000_000


class Row(NamedTuple):
    """What became of a request."""

    arrived_at_ns: int
    completed_at_ns: int
    is_hit: bool


class PlainSale:
    """KV, an origin, and one way to coalesce before them."""

    def __init__(self, coalescing: str, ttl_ns: int) -> None:
        """Set the path: naive, single_flight, per_key or global_blocking."""
        self.env = simpy.Environment(0)
        self.coalescing = coalescing
        self.ttl_ns = ttl_ns
        self.expires_at_ns: dict[int, int] = {}
        self.in_flight: dict[Any, simpy.Event] = {}
        self.mutex = simpy.Resource(self.env)
        self.rows: list[Row] = []
        self.origin_hits = 0

    def run(self, traffic: GeneratedTraffic) -> None:
        """Serve everybody."""
        self.env.process(self.arrivals(traffic))
        self.env.run()

    def arrivals(self, traffic: GeneratedTraffic) -> Generator[simpy.Event, Any, None]:
        """Let requests come at their instants."""
        env = self.env
        for chunk in traffic.chunks:
            instants, keys = chunk.arrived_at_ns.tolist(), chunk.key.tolist()
            for at_ns, key, isolate in zip(
                instants, keys, chunk.isolate.tolist(), strict=True
            ):
                if at_ns > env.now:
                    yield env.timeout(at_ns - env.now)
                env.process(self.request(key, isolate))

    def request(self, key: int, isolate: int) -> Generator[simpy.Event, Any, None]:
        """Look in KV; fetch what is not there."""
        env, arrived_at_ns = self.env, int(self.env.now)
        yield env.timeout(5 * MS)
        is_hit = self.expires_at_ns.get(key, 0) > env.now
        if not is_hit:
            yield from self.fetch(key, isolate)
        self.rows.append(Row(arrived_at_ns, int(env.now), is_hit))

    def fetch(self, key: int, isolate: int) -> Generator[simpy.Event, Any, None]:
        """Ask the origin, alone or together with others."""
        if self.coalescing == "naive":
            yield from self.call(key)
        elif self.coalescing == "global_blocking":
            with self.mutex.request() as turn:
                yield turn
                yield from self.call(key)
            if self.mutex.queue:  # what follows the mutex needs a turn, too
                with self.mutex.request() as turn:
                    yield turn
        else:
            slot = (key, isolate) if self.coalescing == "single_flight" else key
            yield from self.join(slot, key)

    def join(self, slot: object, key: int) -> Generator[simpy.Event, Any, None]:
        """Wait for the flight of the key, or lead one."""
        flight = self.in_flight.get(slot)
        if flight is not None:
            yield flight
            return
        flight = self.in_flight[slot] = self.env.event()
        try:
            yield from self.call(key)
        finally:
            del self.in_flight[slot]
            flight.succeed()

    def call(self, key: int) -> Generator[simpy.Event, Any, None]:
        """Fetch from the origin, and write to KV."""
        env = self.env
        self.origin_hits += 1
        yield env.timeout(120 * MS)
        expires_at_ns = int(env.now) + self.ttl_ns
        yield env.timeout(80 * MS)
        self.expires_at_ns[key] = expires_at_ns


def plain_queue(queue: Customers) -> float:
    """Run one server with a queue, and return the longest latency."""
    env = simpy.Environment(0)
    server = simpy.Resource(env)
    latencies_ns: list[int] = []

    def arrivals() -> Generator[simpy.Event, Any, None]:
        for at_ns, service_ns in zip(*map(np.ndarray.tolist, queue), strict=True):
            if at_ns > env.now:
                yield env.timeout(at_ns - env.now)
            env.process(customer(service_ns))

    def customer(service_ns: int) -> Generator[simpy.Event, Any, None]:
        arrived_at_ns = int(env.now)
        with server.request() as turn:
            yield turn
            yield env.timeout(service_ns)
        latencies_ns.append(int(env.now) - arrived_at_ns)

    env.process(arrivals())
    env.run()
    return max(latencies_ns) / NS_PER_S
