"""Random paths and traffic: every layer, every parameter, and a grid full of ties.

All times lie on a coarse grid, so that answers, deadlines, expiries and arrivals meet
at the same instant again and again.
"""

from typing import Any

import numpy as np
from hypothesis import strategies as st

from simcoalesce.compiled.coverage import why_not
from simcoalesce.model.layer import Layer
from simcoalesce.request import Requests
from simcoalesce.scenario.path_rule import silence_faults
from simcoalesce.traffic import Traffic
from tests.builders import MS, a_path, an_origin, at_ms, some_isolates

Entry = dict[str, dict[str, Any]]


def some(**fields: Any) -> st.SearchStrategy[dict[str, Any]]:
    """Return mappings that hold each field, or leave it out."""
    return st.fixed_dictionaries({}, optional=fields)


def entries(kind: str, **fields: Any) -> st.SearchStrategy[Entry]:
    """Return entries of a path, of one kind."""
    return some(**fields).map(lambda chosen: {kind: chosen})


WAITS = st.sampled_from(["0ms", "5ms", "10ms", "20ms"])
SPANS = st.sampled_from(["5ms", "10ms", "20ms", "40ms"])
RANDOM: list[Any] = [
    {"uniform": ["0ms", "20ms"]},
    {"exponential": "10ms"},
    {"weibull": "10ms", "shape": 0.5},
    {"mixture": [{"share": "50%", "takes": "0ms"}, {"share": "50%", "takes": "20ms"}]},
]
LATENCIES = WAITS | st.sampled_from(RANDOM)
PERIODS = st.sampled_from(["0ms", "20ms", "60ms"])
ERROR_TTLS = st.sampled_from([{"5xx": "20ms"}, {"429": "40ms", "4xx": "0s"}])
CLEANUPS = st.sampled_from(["finally", "on_success", "on_failure", "never"])

READS = entries(
    "kv.read",
    read_latency=LATENCIES,
    cold_read_latency=LATENCIES,
    hot_for=PERIODS,
    read_at=st.sampled_from(["start", "end"]),
    cache_ttl=PERIODS,
    negative_ttl=PERIODS,
    local_writes=st.sampled_from(["visible", "cached"]),
)
FORGIVING_READS = entries(
    "kv.read",
    read_latency=WAITS,
    stale_while_revalidate=PERIODS,
    stale_if_error=PERIODS,
    refresh=st.sampled_from(["background", "foreground"]),
    on_refresh_error=st.sampled_from(["old_value", "error"]),
    refreshes=st.sampled_from(["one", "each"]),
    refresh_ahead=st.just({"fraction": "50%"}),
    xfetch=st.just({"beta": 1}),
)
WRITES = entries(
    "kv.write",
    write_latency=LATENCIES,
    ttl=SPANS,
    error_ttl=ERROR_TTLS,
    ttl_jitter=st.sampled_from(["0%", "50%"]),
    propagation=WAITS,
    writes_per_key=st.sampled_from(["unlimited", "1/s", "100/s"]),
    on_refused=st.sampled_from(["ignore", "fail"]),
    acknowledge=st.sampled_from(["await", "background"]),
    initial=st.sampled_from([None, {"keys": "key-0", "age": "10ms"}, {"keys": "all"}]),
)
LEAVING = st.sampled_from(["error_and_keep", "error_and_forget", "silence"])
FLIGHTS = entries(
    "single_flight", cleanup=CLEANUPS, leader_bound=st.booleans(), forget_after=SPANS
) | entries(
    "single_flight", cleanup=CLEANUPS, leader_leaves=LEAVING, forget_after=SPANS
)
FORGETFUL_FLIGHTS = entries(
    "single_flight",
    cleanup=CLEANUPS,
    leader_leaves=LEAVING,
    forget_after=SPANS,
    forgotten_by=st.just("each_waiter"),
)
OBJECTS = entries(
    "durable_object",
    id_from=st.sampled_from(["key", "global", {"shards": 2}]),
    hop=LATENCIES,
    hops=st.just({"at-0/at-1": "10ms"}),
    location=st.sampled_from(["at-0", "at-1", "first_request"]),
    first_use=WAITS,
    eviction_after=st.sampled_from(["5ms", "10s", "unlimited"]),
    gate=st.sampled_from(["input_gate", "block_concurrency"]),
    block_limit=st.sampled_from(["20ms", "30s", "unlimited"]),
    on_error=st.sampled_from(["answers", "throws", "resets"]),
    called_by=st.sampled_from(["fetch", "rpc"]),
    cleanup=CLEANUPS,
    service_time=LATENCIES,
    storage_time=WAITS,
    storage_after=WAITS,
    capacity=st.sampled_from(["unlimited", "200/s"]),
    queue_limit=st.sampled_from(["unlimited", 0, 1, 3]),
    queue_timeout=st.sampled_from(["unlimited", "0ms", "5ms", "20ms"]),
)
STORAGES = entries(
    "durable_storage",
    ttl=SPANS,
    error_ttl=ERROR_TTLS,
    read_latency=WAITS,
    write_latency=LATENCIES,
    initial=st.sampled_from([{}, {"keys": "50%"}]),
)
TRACKING = entries("memory", ttl=SPANS, invalidation=st.just("tracking"))
MEMORIES = entries("memory", ttl=SPANS, error_ttl=ERROR_TTLS)
TIMEOUTS = st.builds(
    lambda after, cancels: {"timeout": {"after": after, "cancels": cancels}},
    SPANS,
    st.booleans(),
)
HANG_UPS = st.builds(
    lambda after, who: {"abandon": {"after": after, **who}},
    LATENCIES,
    st.sampled_from([{}, {"share": "30%"}, {"requests": [1, 3, 4]}]),
)
HEDGES = st.builds(
    lambda after, fields: {"hedge": {"after": after, **fields}},
    WAITS | st.just({"quantile": "p50", "at_first": "10ms", "enough": 3, "of_last": 5}),
    some(
        most=st.integers(1, 3),
        cancels=st.booleans(),
        on_failure=st.sampled_from(["final", "next"]),
        budget=st.sampled_from(["0%", "50%"]),
    ),
)
FAN_OUTS = st.builds(
    lambda calls, fields: {"fan_out": {"calls": calls, **fields}},
    st.integers(1, 3),
    some(at_once=st.integers(1, 2), cancels=st.booleans()),
)
BATCHES = entries("batch", within=WAITS, most=st.integers(1, 3))
EXPIRES = {"attempts": 3, "budget_expires_after": "100ms"}
RETRIES = entries(
    "retry",
    attempts=st.integers(1, 3),
    backoff=WAITS,
    jitter=st.sampled_from(["none", "full", "equal", "decorrelated"]),
    honours_retry_after=st.booleans(),
    budget=st.sampled_from(["0%", "50%"]),
) | st.builds(
    lambda budget, least: {"retry": {"backoff": "5ms", **EXPIRES, **budget, **least}},
    st.sampled_from([{"budget": "0%"}, {"budget": "30%"}]),
    st.sampled_from([{}, {"budget_least": "10/s"}]),
)
LOCKS = entries(
    "lock",
    locks=st.booleans(),
    ttl=SPANS,
    error_ttl=ERROR_TTLS,
    poll=SPANS,
    timeout=WAITS,
    age=SPANS,
    stale=st.sampled_from(["none", "updating", "background"]),
    stale_if_error=PERIODS,
    stale_on=st.sampled_from([[429], [500, 503], [429, 500, 502, 503, 504]]),
    ignore_client_abort=st.booleans(),
)
WAITING_LISTS = entries(
    "waiting_list",
    ttl=SPANS,
    grace=PERIODS,
    rush=st.integers(1, 2),
    hit_for_miss=PERIODS,
    failed_fetch_ttl=WAITS,
    error_ttl=ERROR_TTLS,
    hit_for_pass=PERIODS,
    stale_if_error=PERIODS,
)
BOUNDED_RETRIES = entries(
    "bounded_retries",
    ttl=SPANS,
    error_ttl=ERROR_TTLS,
    retries=st.integers(0, 4),
    delay=SPANS,
    write_retries=st.integers(0, 2),
    on_busy=st.sampled_from(["origin", "error", "stale", "retry"]),
    stale_if_error=PERIODS,
    timer_lag=LATENCIES,
)
CDNS = entries(
    "cdn",
    ttl=SPANS,
    error_ttl=ERROR_TTLS,
    lock=st.booleans(),
    abandons=st.booleans(),
    stale_while_revalidate=PERIODS,
    stale_if_error=PERIODS,
    incomplete=st.sampled_from(["streams", "whole"]),
) | SPANS.map(
    lambda ttl: {"cdn": {"ttl": ttl, "lock": False, "incomplete": "displaces"}}
)
WORKERS_CACHES = entries(
    "workers_cache",
    ttl=SPANS,
    error_ttl=ERROR_TTLS,
    scope=st.sampled_from(["location", "global"]),
    hop=LATENCIES,
    stale_while_revalidate=PERIODS,
    stale_if_error=PERIODS,
    counts_age=st.booleans(),
    initial=st.sampled_from([{}, {"keys": "50%"}]),
)
CACHE_APIS = entries(
    "cache_api",
    ttl=SPANS,
    error_ttl=ERROR_TTLS,
    read_latency=LATENCIES,
    write_latency=LATENCIES,
    acknowledge=st.sampled_from(["await", "background"]),
)


def by_the_second(entry: Entry) -> Entry:
    """Return an entry of a cache that reckons in seconds, which end in mid-run."""
    ((kind, fields),) = entry.items()
    seconds = {"ttl": "1s", "error_ttl": {"5xx": "1s"}, "whole_seconds": True}
    return {kind: fields | seconds | SECOND_ENDS}


def real_valued(entry: Entry) -> Entry:
    """Return an entry of a cache that reckons in nanoseconds."""
    ((kind, fields),) = entry.items()
    return {kind: fields | {"whole_seconds": False}}


TIERS = some(
    scope=st.sampled_from(["location", "region", "global"]),
    regions=st.just({"west": ["at-0"], "east": ["at-1"]}),
    hop=LATENCIES,
    counts_age=st.booleans(),
).map(lambda tier: {"regions": {"all": ["at-0", "at-1"]}, **tier})
SECOND_ENDS = {"clock_offset": "930ms"}
RECKONING = LOCKS | BOUNDED_RETRIES | CDNS
STORES = some(
    max_entries=st.integers(1, 2),
    eviction=st.sampled_from(["lru", "sieve"]),
    initial=st.sampled_from([{}, {"keys": "key-0", "age": "10ms"}, {"keys": "50%"}]),
)
"""How much a store holds, and what at the start."""


def storing(entry: Entry, store: dict[str, Any]) -> Entry:
    """Return an entry with more to say of its store."""
    ((kind, fields),) = entry.items()
    return {kind: fields | store}


OF_A_LOCATION = st.builds(
    storing,
    st.one_of(WAITING_LISTS, RECKONING.map(real_valued), RECKONING.map(by_the_second)),
    st.just({}) | STORES,
)
CACHES = OF_A_LOCATION | st.builds(storing, OF_A_LOCATION, TIERS) | WORKERS_CACHES
WARM_STORES = st.builds(storing, MEMORIES, STORES | st.just({"ttl_jitter": "50%"}))
"""Stores in the worker that only the SimPy engine knows."""
LIMITS: list[Entry | dict[str, Any]] = [
    {"kind": "token_bucket", "rate": "100/s", "burst": 2},
    {"kind": "leaky_bucket", "leak": "100/s", "bucket": 2},
    {"kind": "fixed_window", "limit": 3, "per": "20ms"},
    {"kind": "fixed_window", "limit": 3, "per": "20ms", "offset": "13ms"},
    {"kind": "sliding_window", "limit": 3, "per": "20ms"},
    {"kind": "concurrency", "limit": 2},
]
WHOSE = st.sampled_from(["origin", "key", "tenant"])
ANY_LIMIT = st.builds(
    lambda limit, whose: {**limit, "for_each": whose}, st.sampled_from(LIMITS), WHOSE
)
KEPT_IN = st.sampled_from(["isolate", "location", "global"])
RETRY_AFTERS = st.sampled_from(["none", "exact", "10ms"])
LIMITERS = st.builds(
    lambda limit, fields: {"limiter": {"rate_limit": limit, **fields}},
    ANY_LIMIT.filter(lambda limit: limit["kind"] != "concurrency"),
    some(
        kept_in=KEPT_IN,
        wait=st.sampled_from(["0ms", "5ms", "20ms", "unlimited"]),
        queue_limit=st.sampled_from(["unlimited", 0, 1, 3]),
        status=st.sampled_from([429, 503]),
        retry_after=RETRY_AFTERS,
    ),
)
BREAKERS = st.builds(
    lambda rule, fields: {"circuit_breaker": rule | fields},
    st.sampled_from(
        [
            {"failures": 1},
            {"failures": 2},
            {"ratio": "50%", "over_calls": 3, "least_calls": 2},
            {"ratio": "50%", "over": "20ms", "least_calls": 2, "slow_share": "50%"},
        ]
    ),
    some(
        kept_in=KEPT_IN,
        on=st.sampled_from([[429], [404, 500, 503, 504]]),
        slow_after=SPANS,
        open_for=SPANS,
        half_open_calls=st.integers(1, 2),
        retry_after=RETRY_AFTERS,
    ),
)
BULKHEADS = entries(
    "bulkhead",
    limit=st.integers(1, 2),
    kept_in=KEPT_IN,
    for_each=st.sampled_from(["all", "key", "tenant"]),
    queue_timeout=st.sampled_from(["0ms", "5ms", "20ms", "unlimited"]),
    queue_limit=st.sampled_from(["unlimited", 0, 1, 3]),
)
PRIORITIES: list[list[dict[str, Any]]] = [
    [{"above": 1}],
    [{"keys": ["key-0"], "above": 2}, {"share": "30%", "above": 0}, {"above": 1}],
]
LOAD_SHEDS = st.builds(
    lambda classes, kept_in: {"load_shed": {"classes": classes, "kept_in": kept_in}},
    st.sampled_from(PRIORITIES),
    KEPT_IN,
)
THROTTLES = entries(
    "adaptive_throttle",
    kept_in=KEPT_IN,
    multiplier=st.sampled_from([1, 2]),
    window=SPANS,
    counts=st.sampled_from(["returned", "sent"]),
)
LOAD_CONTROLS = st.one_of(LIMITERS, BREAKERS, BULKHEADS, LOAD_SHEDS, THROTTLES)
REFRESHES = {
    "refresh": st.sampled_from(["background", "foreground"]),
    "dedupe": st.sampled_from(["none", "isolate", "global"]),
    "refresh_lock_ttl": SPANS,
    "back_off": PERIODS,
}
REDIS_READS = entries(
    "redis.read",
    latency=LATENCIES,
    xfetch=st.just({"beta": 1}),
    stale_if_error=PERIODS,
    **REFRESHES,
)
REDIS_WRITES = entries(
    "redis.write",
    latency=LATENCIES,
    ttl=st.just("20ms"),
    soft_ttl=st.just("10ms"),
    error_ttl=ERROR_TTLS,
    ttl_jitter=st.sampled_from(["0%", "50%"]),
    acknowledge=st.sampled_from(["await", "background"]),
)
POLLS = {
    "latency": LATENCIES,
    "poll": SPANS,
    "timer_lag": WAITS,
    "wait": st.sampled_from(["5ms", "20ms", "60ms"]),
}
LOCKED = {
    "lock_ttl": SPANS,
    "asks": st.sampled_from(["value", "lock", "both"]),
    "recheck": st.booleans(),
    "release": st.sampled_from(["token", "plain", "none"]),
    **POLLS,
}
REDIS_LOCKS = entries(
    "distributed_lock",
    on_timeout=st.sampled_from(["fetch", "error", "stale"]),
    heartbeat=st.booleans(),
    **LOCKED,
) | entries("distributed_lock", on_timeout=st.just("retry_lock"), **LOCKED)
LEASES = entries(
    "lease",
    ttl=SPANS,
    ttl_jitter=st.sampled_from(["0%", "50%"]),
    error_ttl=ERROR_TTLS,
    lease_ttl=SPANS,
    stale_ttl=PERIODS,
    gives_back=st.booleans(),
    **POLLS,
)
REDIS = TRACKING | REDIS_READS | REDIS_WRITES | REDIS_LOCKS | LEASES
FAULTS: list[dict[str, Any]] = [
    {"kind": "first", "calls": 2},
    {"kind": "window", "from": "10ms", "until": "30ms", "status": 503, "takes": "0ms"},
    {"kind": "random", "probability": "30%", "status": 502, "slower": 2},
    {"kind": "random", "probability": "30%", "status": 200, "takes": "40ms"},
    {"kind": "calls", "from": 2, "to": 3, "status": 404, "keys": ["key-0"]},
    {"kind": "calls", "from": 2, "to": 2, "each_key": True, "cacheable": False},
    {"kind": "first", "calls": 1, "each_key": True, "share_of_keys": "50%"},
    {"kind": "window", "until": "40ms", "cacheable": False, "keys": ["key-0"]},
    {"kind": "always", "status": 503, "share_of_keys": "50%"},
]
QUEUES = st.integers(1, 2).flatmap(
    lambda servers: st.sampled_from(
        [{}, {"concurrency": servers}]
        + [{"concurrency": servers, "queue_timeout": one} for one in ("0ms", "10ms")]
    )
)
ORIGINS = st.builds(
    lambda latency, queue, fields: an_origin(latency, **queue, **fields),
    LATENCIES,
    QUEUES,
    some(
        queue_limit=st.integers(0, 2),
        rate_limit=st.lists(ANY_LIMIT, max_size=2),
        rejects_in=WAITS,
        retry_after=RETRY_AFTERS,
        faults=st.lists(st.sampled_from(FAULTS), max_size=2),
        cacheable=st.booleans(),
        body=LATENCIES,
        max_age=st.sampled_from([["10ms", "0ms", "60ms"], *RANDOM]),
        changes_every=SPANS,
    ),
)
LAYERS = st.one_of(
    READS, FORGIVING_READS, WRITES, FLIGHTS, OBJECTS, MEMORIES, TIMEOUTS, RETRIES
)


SHARED = st.one_of(
    *(READS, FORGIVING_READS, WRITES, FLIGHTS, OBJECTS, MEMORIES, CACHES, CACHE_APIS),
    *(STORAGES, FORGETFUL_FLIGHTS, REDIS, BATCHES, WARM_STORES),
)
"""Layers that store answers, or let requests share a fetch."""


def inside_objects(layers: list[Entry]) -> list[Entry]:
    """Return layers without the storage of an object that is not there."""
    found: list[Entry] = []
    for entry in layers:
        is_storage = "durable_storage" in entry
        if not is_storage or any("durable_object" in one for one in found):
            found.append(entry)
    return found


def without_nested_locks(layers: list[Entry]) -> list[Entry]:
    """Return layers with one of each kind of lock in Redis: a second waits for it."""
    kinds = [next(iter(entry)) for entry in layers]
    nested = ("distributed_lock", "lease")
    return [
        entry
        for index, entry in enumerate(layers)
        if kinds[index] not in nested or kinds[index] not in kinds[:index]
    ]


def answered(layers: list[Entry], origin: Entry) -> list[Layer]:
    """Return a path with a timeout in front, if requests might wait in it for ever."""
    layers = inside_objects(without_nested_locks(layers))
    path = a_path(*layers, origin)
    is_silent = any(silence_faults(path))
    return (
        a_path({"timeout": {"after": "40ms"}}, *layers, origin) if is_silent else path
    )


IN_FRONT = st.one_of(
    HANG_UPS,
    TIMEOUTS,
    RETRIES,
    LOAD_CONTROLS,
    HEDGES,
    FAN_OUTS,
)
ANY_LAYER = st.one_of(
    LAYERS,
    CACHES,
    CACHE_APIS,
    STORAGES,
    FORGETFUL_FLIGHTS,
    LOAD_CONTROLS,
    REDIS,
    HEDGES,
    FAN_OUTS,
    BATCHES,
    WARM_STORES,
)
SEVERAL_ORIGINS = st.builds(
    lambda eu, us, fields: {
        "origins": {"of": {"eu": eu["origin"], "us": us["origin"]}, **fields}
    },
    ORIGINS,
    ORIGINS,
    some(
        choose=st.sampled_from(
            [
                *("failover", "round_robin"),
                {"nearest": {"at-0": "us"}},
                {"random": {"eu": 3, "us": 1}},
            ]
        ),
        failures=st.integers(1, 3),
        fails_on=st.sampled_from([[429, 503], [500, 502, 503]]),
        back_after=SPANS,
        tries=st.integers(1, 3),
    ),
)

ALL_PATHS = st.builds(
    lambda clients, layers, origin: answered([*clients, *layers], origin),
    st.lists(IN_FRONT, max_size=2),
    st.lists(ANY_LAYER, max_size=5),
    ORIGINS | SEVERAL_ORIGINS,
)
"""Paths of every layer there is."""


def _is_compiled(path: list[Layer]) -> bool:
    return not why_not(path, keys=2, locations=2)


PATHS = ALL_PATHS.filter(_is_compiled)
"""Those that both engines know."""

ISOLATES = st.builds(
    lambda spill_above, cold_start, idle_after_ms, lifetime, starts_warm: some_isolates(
        2,
        spill_above=spill_above,
        cold_start=cold_start,
        idle_after_ns=idle_after_ms and idle_after_ms * MS,
        lifetime=lifetime,
        starts_warm=starts_warm,
    ),
    st.sampled_from([None, 0, 1, 3]),
    LATENCIES,
    st.sampled_from([None, 5, 20]),
    st.none() | LATENCIES,
    st.booleans(),
)
"""How two isolates at each location come and go."""


def _clients(phases: list[dict[str, Any]], routing: str) -> Traffic:
    return Traffic.model_validate(
        {
            "arrivals": phases,
            "keys": {"kind": "weighted", "weights": {"key-0": 2, "key-1": 1}},
            "locations": {"at-0": 1, "at-1": 1},
            "isolates": 2,
            "routing": routing,
        }
    )


USERS = st.builds(
    lambda fields, think: {"kind": "users", "think": think, **fields},
    st.fixed_dictionaries(
        {"users": st.integers(1, 6)},
        optional={
            "ramp": WAITS,
            "iterations": st.integers(1, 4),
            "routing": st.just("by_user"),
            "for": SPANS,
            "at": WAITS,
        },
    ),
    SPANS | st.sampled_from(RANDOM),
)
OPEN_PHASES = st.just({"kind": "even", "requests": 8, "every_request": "10ms"})
VISITED = st.builds(
    lambda phase, page: {**phase, **page},
    USERS | OPEN_PHASES,
    st.sampled_from(
        [
            {},
            {"page": {"product": 1, "price": 2}},
            {"page": {"stock": 2}, "loads": "sequential"},
        ]
    ),
)
CLIENTS = st.builds(
    _clients,
    st.lists(VISITED, max_size=2).flatmap(
        lambda others: USERS.map(lambda users: [*others, users])
    ),
    st.sampled_from(["random", "consistent_hash", "sharded"]),
)
"""Traffic of which some waits for answers; it lasts for `CLIENTS_LAST_NS`."""
CLIENTS_LAST_NS = 150_000_000


@st.composite
def any_requests(
    draw: st.DrawFn,
    *,
    keys: int = 2,
    isolates: int = 2,
    locations: int = 2,
    bypass: st.SearchStrategy[bool] = st.booleans(),  # noqa: B008 - immutable
) -> Requests:
    """Return up to 25 requests on a grid of 5 ms, many at the same instant.

    With `bypass`, every third or so bypasses all stores.
    """
    gaps = draw(st.lists(st.sampled_from([0, 0, 5, 10, 40]), min_size=1, max_size=25))
    number = st.integers(0, 2**16)
    columns = draw(st.lists(number, min_size=len(gaps), max_size=len(gaps)))
    code = np.array(columns)
    location = code % locations
    posts = np.flatnonzero(code // 8 % 3 == 0).tolist()
    return at_ms(
        *np.cumsum(gaps),
        key=(code // 2 % keys).tolist(),
        location=location.tolist(),
        isolate=(location * isolates + code // 4 % isolates).tolist(),
        bypass=posts if draw(bypass) else (),
    )
