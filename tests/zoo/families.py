"""Incidents whose cause is known, since it was built in: one family for each kind."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from simcoalesce import Scenario
from simcoalesce.randomness import Stream

Written: TypeAlias = dict[str, Any]
KV: Final = ["kv.read", "kv.write", "origin"]


class Chance:
    """Numbers by chance, one after the other."""

    def __init__(self, seed: int, name: str) -> None:
        """Begin with the first."""
        self._stream, self._drawn = Stream(seed, name), 0

    def uniform(self, low: float, high: float) -> float:
        """Return a number within [low, high)."""
        self._drawn += 1
        return low + (high - low) * self._stream.uniform(self._drawn, 0)

    def whole(self, least: int, most: int) -> int:
        """Return a whole number from least to most."""
        return int(self.uniform(least, most + 1))


@dataclass(frozen=True)
class Incident:
    """An incident that was built.

    Attributes:
        scenario: What happened.
        causes: Any of these may be named first.
        is_curable: Whether some change that is known meets the goal.
    """

    scenario: Scenario
    causes: frozenset[str]
    is_curable: bool = True


def ms(number: float) -> str:
    """Return milliseconds as a scenario writes them."""
    return f"{round(number)}ms"


def built(
    written: Written, *causes: str, expect: str, is_curable: bool = True
) -> Incident:
    """Return an incident of which a statement is expected, and does not hold."""
    document = {"duration": "60s", "replications": 5, "expect": [expect], **written}
    scenario = Scenario.parse(json.dumps(document), name="zoo.yaml")
    return Incident(scenario, frozenset(causes), is_curable)


def burst(chance: Chance, least: int = 300, most: int = 1_500) -> Written:
    """Return a burst of requests for one key."""
    within = ms(chance.uniform(200, 1_500))
    phase = {"kind": "burst", "requests": chance.whole(least, most), "within": within}
    return {"arrivals": [phase]}


def steady(chance: Chance, least: int = 50, most: int = 200) -> Written:
    """Return requests at one rate."""
    return {"arrivals": [{"kind": "rate", "rate": f"{chance.whole(least, most)}/s"}]}


def kv(chance: Chance, **more: Any) -> Written:
    """Return a namespace of an ordinary speed that refuses no write."""
    write = ms(chance.uniform(40, 120))
    usual = {"read_latency": "5ms", "read_at": "end", "ttl": "60s"}
    return {**usual, "write_latency": write, "writes_per_key": "unlimited", **more}


def origin(chance: Chance, **more: Any) -> Written:
    """Return an origin of an ordinary speed."""
    return {"latency": ms(chance.uniform(60, 200)), **more}


WARM: Final = {"keys": "all", "age": "0ms"}


def cold_key(chance: Chance) -> Incident:
    """Nothing is stored, and a burst comes."""
    traffic = burst(chance) | {"isolates": chance.whole(1, 300)}
    calls = chance.whole(1, 9)
    written = {"traffic": traffic, "kv": kv(chance), "origin": origin(chance)}
    return built(written | {"path": KV}, "cold_key", expect=f"origin_hits <= {calls}")


def expiry(chance: Chance) -> Incident:
    """What everybody asks for ends while they ask."""
    lived = chance.whole(10, 50)
    store = kv(chance, initial={"keys": "all", "age": f"{lived}s"})
    written = {"traffic": steady(chance, 100, 400), "kv": store, "path": KV}
    return built(
        written | {"origin": origin(chance)}, "expiry", expect="origin_hits <= 2"
    )


def synchronized_expiry(chance: Chance) -> Incident:
    """Many keys were stored together."""
    keys = chance.whole(150, 500)
    store = {
        "ttl": "60s",
        "initial": {"keys": "all", "age": f"{chance.whole(20, 40)}s"},
    }
    limit = {"kind": "token_bucket", "rate": "10/s", "burst": 20}
    written = {
        "traffic": steady(chance, 200, 500)
        | {"keys": {"kind": "zipf", "s": 0.2, "n": keys}},
        "memory": store,
        "origin": origin(chance, rate_limit=limit),
        "path": ["memory", "origin"],
    }
    return built(written, "synchronized_expiry", expect="errors == 0")


def short_ttl(chance: Chance) -> Incident:
    """Nobody asks before the value has gone."""
    ttl = chance.whole(60, 90)
    every = round(ttl * chance.uniform(1.05, 2.5))
    phase = {
        "kind": "burst",
        "requests": chance.whole(200, 800),
        "within": "400ms",
        "every": f"{every}s",
    }
    written = {
        "duration": f"{4 * every}s",
        "traffic": {"arrivals": [phase], "isolates": 50},
        "kv": kv(chance, ttl=f"{ttl}s", initial=WARM),
        "origin": origin(chance),
        "path": KV,
    }
    return built(written, "short_ttl", "expiry", expect="origin_hits <= 10")


def concentrated(chance: Chance) -> Incident:
    """The same requests in a minute would be no trouble."""
    requests = chance.whole(300, 1_000)
    limit = {
        "kind": "token_bucket",
        "rate": f"{requests // 20}/s",
        "burst": requests // 20,
    }
    written = {
        "traffic": burst(chance, requests, requests),
        "origin": origin(chance, rate_limit=limit),
        "path": ["origin"],
    }
    return built(written, "burst", expect="errors == 0")


def slow_write(chance: Chance) -> Incident:
    """A value is written for seconds."""
    store = kv(chance, write_latency=ms(chance.uniform(1_000, 4_000)))
    requests = chance.whole(400, 1_200)
    phase = {"kind": "burst", "requests": requests, "within": "2s"}
    written = {
        "traffic": {"arrivals": [phase], "isolates": 50},
        "kv": store,
        "origin": {"latency": ms(chance.uniform(20, 60))},
        "path": KV,
    }
    return built(written, "slow_write", expect=f"origin_hits <= {requests // 15}")


def slow_origin(chance: Chance) -> Incident:
    """A call takes seconds."""
    requests = chance.whole(400, 1_200)
    phase = {"kind": "burst", "requests": requests, "within": "2s"}
    written = {
        "traffic": {"arrivals": [phase], "isolates": 50},
        "kv": kv(chance, write_latency=ms(chance.uniform(20, 60))),
        "origin": {"latency": ms(chance.uniform(1_500, 5_000))},
        "path": KV,
    }
    return built(written, "slow_origin", expect=f"origin_hits <= {requests // 15}")


def propagation(chance: Chance) -> Incident:
    """Other locations see what was written half a minute later."""
    keys, locations = chance.whole(20, 50), chance.whole(8, 20)
    store = kv(chance, propagation=f"{chance.whole(30, 60)}s", ttl="1h")
    written = {
        "traffic": steady(chance, 150, 300)
        | {"keys": {"kind": "zipf", "s": 0, "n": keys}}
        | {"locations": {f"at-{number}": 1 for number in range(locations)}},
        "kv": store,
        "origin": origin(chance),
        "path": KV,
    }
    both = ("propagation", "per_place_duplication")
    return built(written, *both, expect=f"origin_hits <= {3 * keys}")


def duplication(chance: Chance) -> Incident:
    """Each isolate has a memory of its own."""
    isolates = chance.whole(60, 200)
    written = {
        "traffic": steady(chance, 100, 200) | {"isolates": isolates},
        "memory": {"ttl": "10m"},
        "origin": origin(chance),
        "path": ["memory", "single_flight", "origin"],
    }
    return built(written, "per_place_duplication", expect="origin_hits <= 10")


def negative_caching(chance: Chance) -> Incident:
    """A location goes on reading that the key is not there."""
    store = kv(chance, negative_ttl=f"{chance.whole(20, 60)}s", local_writes="cached")
    written = {"traffic": steady(chance, 20, 60), "kv": store, "path": KV}
    return built(
        written | {"origin": origin(chance)},
        "negative_caching",
        expect="origin_hits <= 30",
    )


def refused_writes(chance: Chance) -> Incident:
    """One write a second and key, and nobody catches the error."""
    store = kv(chance, writes_per_key="1/s", on_refused="fail")
    written = {"traffic": burst(chance), "kv": store, "path": KV}
    return built(
        written | {"origin": origin(chance)}, "refused_writes", expect="errors == 0"
    )


def uncacheable(chance: Chance) -> Incident:
    """A header forbids to store the answer."""
    written = {
        "traffic": steady(chance),
        "cdn": {"ttl": "60s"},
        "origin": origin(chance, cacheable=False),
        "path": ["cdn", "origin"],
    }
    return built(written, "uncacheable", expect="origin_hits <= 10")


def posts(chance: Chance) -> Incident:
    """What clients send no store may answer, and it is more than the origin takes."""
    phase = {"kind": "rate", "rate": f"{chance.whole(80, 160)}/s"}
    phase["bypass"] = f"{chance.whole(30, 60)}%"
    limit = {"kind": "token_bucket", "rate": f"{chance.whole(2, 4)}/s", "burst": 5}
    written = {
        "traffic": {"arrivals": [phase]},
        "cdn": {"ttl": "60s"},
        "origin": origin(chance, rate_limit=limit),
        "path": ["cdn", "origin"],
    }
    return built(written, "bypass", expect="errors == 0")


def failing(chance: Chance, **more: Any) -> Written:
    """Return a fault in the middle of the run."""
    start = chance.whole(10, 20)
    until = start + chance.whole(10, 30)
    return {"kind": "window", "from": f"{start}s", "until": f"{until}s", **more}


def origin_fault(chance: Chance) -> Incident:
    """The origin fails while the value expires."""
    fault = failing(chance, status=503) | {"from": "5s"}
    store = kv(chance, ttl="60s", initial={"keys": "all", "age": "45s"})
    written = {"traffic": steady(chance), "kv": store, "path": KV}
    return built(
        written | {"origin": origin(chance, faults=[fault])},
        "origin_fault",
        expect="errors == 0",
    )


def slow_spell(chance: Chance) -> Incident:
    """The origin is slow for some seconds."""
    fault = failing(chance, slower=chance.whole(20, 50))
    written = {
        "traffic": steady(chance),
        "origin": origin(chance, faults=[fault]),
        "path": ["origin"],
    }
    return built(written, "slow_spell", expect="latency_p99_s <= 1s")


def rate_limit(chance: Chance) -> Incident:
    """The limit is below the usual load, and nothing is cached."""
    rate = chance.whole(40, 150)
    limit = {"kind": "token_bucket", "rate": f"{rate // 3}/s", "burst": rate // 3}
    written = {
        "traffic": steady(chance, rate, rate),
        "origin": origin(chance, rate_limit=limit),
        "path": ["origin"],
    }
    return built(written, "rate_limit", expect="errors == 0")


def load_above_limit(chance: Chance) -> Incident:
    """A burst over more keys than the limit takes calls."""
    requests = chance.whole(400, 1_200)
    limit = {"kind": "token_bucket", "rate": "5/s", "burst": requests // 6}
    written = {
        "traffic": burst(chance, requests, requests)
        | {"keys": {"kind": "zipf", "s": 0, "n": 4 * requests}},
        "kv": kv(chance),
        "origin": origin(chance, rate_limit=limit),
        "path": KV,
    }
    return built(written, "load_above_limit", expect="errors == 0")


def retries(chance: Chance) -> Incident:
    """Clients repeat what the limit refuses."""
    rate = chance.whole(60, 150)
    limit = {"kind": "token_bucket", "rate": f"{rate // 3}/s", "burst": rate // 3}
    again = {"attempts": chance.whole(4, 6), "backoff": "100ms"}
    written = {
        "traffic": steady(chance, rate, rate),
        "retry": again,
        "origin": origin(chance, rate_limit=limit),
        "path": ["retry", "origin"],
    }
    return built(written, "retries", expect=f"origin_hits <= {round(60 * rate * 1.2)}")


def poisoned_flight(chance: Chance) -> Incident:
    """The first call fails, and its entry stays in the map."""
    fault = {"kind": "first", "calls": 1, "status": 500}
    written = {
        "traffic": steady(chance),
        "single_flight": {"cleanup": "on_success"},
        "origin": origin(chance, faults=[fault]),
        "path": ["single_flight", "origin"],
    }
    return built(written, "poisoned_flight", expect="errors <= 100")


def cancelled_leader(chance: Chance) -> Incident:
    """The leader's client gives up, and its fetch dies with it."""
    fault = {"kind": "first", "calls": 1, "slower": chance.whole(40, 60)}
    phase = {
        "kind": "even",
        "requests": chance.whole(20, 60),
        "every_request": "500ms",
    }
    written = {
        "traffic": {"arrivals": [phase]},
        "single_flight": {"leader_bound": True},
        "timeout": {"after": "1s", "cancels": True},
        "origin": {"latency": "100ms", "faults": [fault]},
        "path": ["timeout", "single_flight", "origin"],
    }
    return built(written, "cancelled_leader", expect="error_ratio <= 50%")


def lock_timeout(chance: Chance) -> Incident:
    """The lock of nginx ends after five seconds, and the fetch takes longer."""
    written = {
        "duration": "2m",
        "traffic": burst(chance, 20, 100),
        "lock": {"ttl": "1h"},
        "origin": {"latency": f"{chance.whole(7, 30)}s"},
        "path": ["lock", "origin"],
    }
    return built(written, "lock_timeout", expect="origin_hits <= 2")


def serialized(chance: Chance) -> Incident:
    """All keys queue for one object."""
    written = {
        "traffic": burst(chance, 100, 300)
        | {"keys": {"kind": "zipf", "s": 0, "n": 100}, "isolates": 20},
        "durable_object": {"id_from": "global", "gate": "block_concurrency"},
        "kv": kv(chance),
        "origin": origin(chance),
        "path": ["kv.read", "durable_object", "kv.write", "origin"],
    }
    return built(written, "serialized", expect="latency_p99_s <= 1s")


def object_overload(chance: Chance) -> Incident:
    """One object is asked more than it can do."""
    written = {
        "traffic": burst(chance, 2_000, 4_000),
        "durable_object": {"capacity": "200/s", "queue_timeout": "2s"},
        "origin": origin(chance),
        "path": ["durable_object", "origin"],
    }
    return built(written, "object_overload", expect="errors == 0")


def impatience(chance: Chance) -> Incident:
    """Clients give up before a usual answer comes."""
    written = {
        "traffic": steady(chance),
        "timeout": {"after": ms(chance.uniform(40, 120)), "cancels": True},
        "origin": {"latency": ms(chance.uniform(150, 400))},
        "path": ["timeout", "origin"],
    }
    return built(written, "impatience", expect="errors == 0")


def eviction(chance: Chance) -> Incident:
    """The store holds a part of the keys."""
    keys = chance.whole(60, 120)
    written = {
        "traffic": steady(chance, 150, 300)
        | {"keys": {"kind": "zipf", "s": 0.1, "n": keys}},
        "memory": {"ttl": "1h", "max_entries": keys // 5},
        "origin": origin(chance),
        "path": ["memory", "origin"],
    }
    return built(written, "eviction", expect="hit_ratio >= 85%")


def purged(chance: Chance) -> Incident:
    """A purge empties what was warm."""
    at = f"{chance.whole(10, 40)}s"
    store = kv(chance, ttl="1h", initial=WARM)
    written = {
        "traffic": steady(chance, 100, 300),
        "kv": store,
        "changes": [{"at": at, "purge": {"keys": "all"}}],
        "origin": origin(chance),
        "path": KV,
    }
    return built(written, "purge", expect="origin_hits <= 2")


def new_versions(chance: Chance) -> Incident:
    """A deployment gives all keys new names."""
    store = kv(chance, ttl="1h", initial=WARM)
    written = {
        "traffic": steady(chance, 100, 200)
        | {"new_key_version_at": [f"{chance.whole(10, 40)}s"]},
        "kv": store,
        "origin": origin(chance),
        "path": KV,
    }
    return built(written, "new_versions", expect="origin_hits <= 2")


def load_control(chance: Chance) -> Incident:
    """A limiter in front takes less than what comes."""
    rate = chance.whole(60, 150)
    limit = {"kind": "token_bucket", "rate": f"{rate // 2}/s", "burst": rate // 2}
    written = {
        "traffic": steady(chance, rate, rate),
        "limiter": {"rate_limit": limit, "kept_in": "global"},
        "origin": origin(chance),
        "path": ["limiter", "origin"],
    }
    return built(written, "load_control", expect="errors == 0", is_curable=False)


def origin_queue(chance: Chance) -> Incident:
    """The origin serves fewer calls at once than come."""
    written = {
        "traffic": steady(chance, 80, 120),
        "origin": {"latency": "100ms", "concurrency": chance.whole(4, 7)},
        "path": ["origin"],
    }
    return built(written, "origin_queue", "slow_origin", expect="latency_p99_s <= 1s")


def outage_and_retries(chance: Chance) -> Incident:
    """The origin fails, and clients repeat."""
    fault = failing(chance, status=503)
    written = {
        "traffic": steady(chance, 40, 80),
        "retry": {"attempts": 4, "backoff": "200ms"},
        "origin": origin(chance, faults=[fault]),
        "path": ["retry", "origin"],
    }
    both = ("origin_fault", "retries")
    return built(written, *both, expect="origin_hits <= 5000")


def absence_and_propagation(chance: Chance) -> Incident:
    """Absence is cached, and writes are seen late elsewhere."""
    store = kv(
        chance,
        negative_ttl="30s",
        local_writes="cached",
        propagation=f"{chance.whole(20, 40)}s",
        on_refused="ignore",
    )
    written = {
        "traffic": steady(chance, 30, 60) | {"locations": {"a": 1, "b": 1}},
        "kv": store,
        "origin": origin(chance),
        "path": KV,
    }
    both = ("negative_caching", "propagation")
    return built(written, *both, expect="origin_hits <= 60")


def short_ttl_and_limit(chance: Chance) -> Incident:
    """The 9PM story: each push finds nothing, and the limit ends before the last."""
    phase = {"kind": "burst", "requests": 800, "within": "400ms", "every": "61s"}
    limit = {"kind": "fixed_window", "limit": chance.whole(900, 1_500), "per": "5m"}
    written = {
        "duration": "5m",
        "traffic": {"arrivals": [phase], "isolates": 400},
        "kv": kv(chance),
        "origin": origin(chance, rate_limit=limit),
        "path": KV,
    }
    return built(written, "short_ttl", "burst", "rate_limit", expect="errors == 0")


FAMILIES: Final[Mapping[str, Callable[[Chance], Incident]]] = {
    one.__name__: one
    for one in (
        cold_key,
        expiry,
        synchronized_expiry,
        short_ttl,
        concentrated,
        slow_write,
        slow_origin,
        propagation,
        duplication,
        negative_caching,
        refused_writes,
        uncacheable,
        origin_fault,
        slow_spell,
        rate_limit,
        load_above_limit,
        retries,
        poisoned_flight,
        cancelled_leader,
        lock_timeout,
        serialized,
        object_overload,
        impatience,
        eviction,
        purged,
        new_versions,
        load_control,
        origin_queue,
        outage_and_retries,
        absence_and_propagation,
        short_ttl_and_limit,
        posts,
    )
}
"""Each makes an incident from chance."""
