"""Peers: the same models in other simulators, written as their manuals do.

Each is imported when it is asked for (extra `[peers]`). They get the simulator's own
arrivals and service times, so that they must find the same; what they cannot express
is not asked of them: no network of queues is a cache that its own misses fill.
"""

from collections.abc import Generator
from typing import Any

import numpy as np

from benchmarks.cases import Counts
from benchmarks.lindley import Customers
from simcoalesce.traffic import GeneratedTraffic
from simcoalesce.units import NS_PER_S

Steps = Generator[Any, Any, Any]


def ciw_queue(queue: Customers) -> float:
    """Run one server on Ciw, and return the longest latency."""
    import ciw  # noqa: PLC0415

    gaps_s = np.diff(queue.arrived_at_ns, prepend=0) / NS_PER_S
    count = len(gaps_s)
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Sequential([*gaps_s.tolist(), 1e9])],
        service_distributions=[
            ciw.dists.Sequential((queue.service_ns / NS_PER_S).tolist())
        ],
        number_of_servers=[1],
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(count)
    records = simulation.get_all_records()
    assert len(records) == count
    return max(float(it.exit_date - it.arrival_date) for it in records)


def salabim_queue(queue: Customers) -> float:
    """Run one server on salabim, and return the longest latency."""
    import salabim  # noqa: PLC0415

    env = salabim.Environment(trace=False, yieldless=False)
    server = salabim.Resource("server", monitor=False)
    latencies_s: list[float] = []

    class Customer(salabim.Component):  # type: ignore[misc]
        def process(self, service_s: float) -> Steps:
            arrived_at_s = env.now()
            yield self.request(server)
            yield self.hold(service_s)
            self.release(server)
            latencies_s.append(env.now() - arrived_at_s)

    class Street(salabim.Component):  # type: ignore[misc]
        def process(self) -> Steps:
            for at_ns, service_ns in zip(*map(np.ndarray.tolist, queue), strict=True):
                yield self.hold(till=at_ns / NS_PER_S)
                Customer(service_s=service_ns / NS_PER_S)

    Street()
    env.run()
    assert len(latencies_s) == len(queue.service_ns)
    return max(latencies_s)


def happysim_queue(queue: Customers) -> float:
    """Run one server on happysim, and return the longest latency."""
    import happysimulator as happy  # noqa: PLC0415

    server = happy.Resource("server", capacity=1)
    latencies_ns: list[int] = []

    class Shop(happy.Entity):  # type: ignore[misc]
        def handle_event(self, event: Any) -> Steps:
            arrived_at_ns = self.now.nanoseconds
            turn = yield server.acquire()
            yield event.context["service_s"]
            turn.release()
            latencies_ns.append(self.now.nanoseconds - arrived_at_ns)

    shop = Shop("shop")
    simulation = happy.Simulation(entities=[server, shop])
    for at_ns, service_ns in zip(*map(np.ndarray.tolist, queue), strict=True):
        told = {"service_s": service_ns / NS_PER_S}
        instant = happy.Instant(at_ns)
        simulation.schedule(happy.Event(instant, "request", target=shop, context=told))
    simulation.run()
    assert len(latencies_ns) == len(queue.service_ns)
    return max(latencies_ns) / NS_PER_S


def salabim_sale(traffic: GeneratedTraffic, ttl_s: float) -> Counts:
    """Run the sale without coalescing on salabim."""
    import salabim  # noqa: PLC0415

    env = salabim.Environment(trace=False, yieldless=False)
    expires_at_s: dict[int, float] = {}
    latencies_s: list[float] = []
    misses = 0

    class Request(salabim.Component):  # type: ignore[misc]
        def process(self, key: int) -> Steps:
            nonlocal misses
            arrived_at_s = env.now()
            yield self.hold(0.005)
            if expires_at_s.get(key, 0.0) <= env.now():
                misses += 1
                yield self.hold(0.120)
                until_s = env.now() + ttl_s
                yield self.hold(0.080)
                expires_at_s[key] = until_s
            latencies_s.append(env.now() - arrived_at_s)

    class Street(salabim.Component):  # type: ignore[misc]
        def process(self) -> Steps:
            for chunk in traffic.chunks:
                instants, keys = chunk.arrived_at_ns.tolist(), chunk.key.tolist()
                for at_ns, key in zip(instants, keys, strict=True):
                    yield self.hold(till=at_ns / NS_PER_S)
                    Request(key=key)

    Street()
    env.run()
    count = len(latencies_s)
    return Counts(count, count - misses, misses, max(latencies_s))


def happysim_sale(traffic: GeneratedTraffic, ttl_s: float) -> Counts:
    """Run the sale without coalescing on happysim."""
    import happysimulator as happy  # noqa: PLC0415

    expires_at_s: dict[int, float] = {}
    latencies_ns: list[int] = []
    misses = 0

    class Edge(happy.Entity):  # type: ignore[misc]
        def handle_event(self, event: Any) -> Steps:
            nonlocal misses
            arrived_at_ns, key = self.now.nanoseconds, event.context["key"]
            yield 0.005
            if expires_at_s.get(key, 0.0) <= self.now.to_seconds():
                misses += 1
                yield 0.120
                until_s = self.now.to_seconds() + ttl_s
                yield 0.080
                expires_at_s[key] = until_s
            latencies_ns.append(self.now.nanoseconds - arrived_at_ns)

    edge = Edge("edge")
    simulation = happy.Simulation(entities=[edge])
    for chunk in traffic.chunks:
        instants, keys = chunk.arrived_at_ns.tolist(), chunk.key.tolist()
        for at_ns, key in zip(instants, keys, strict=True):
            instant, told = happy.Instant(at_ns), {"key": key}
            simulation.schedule(
                happy.Event(instant, "request", target=edge, context=told)
            )
    simulation.run()
    count = len(latencies_ns)
    return Counts(count, count - misses, misses, max(latencies_ns) / NS_PER_S)
