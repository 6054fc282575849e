"""memory: values kept where the layer stands."""

from typing import Any

import pytest

from simcoalesce.model.change import Agenda
from simcoalesce.model.changes.purge import Purge
from simcoalesce.model.layer import Layer
from tests.builders import (
    MS,
    a_path,
    an_origin,
    at_ms,
    calls_ms,
    hits,
    latencies_ms,
    lookups,
    simulated,
    statuses,
)


def test_a_value_is_served_at_once() -> None:
    """A look into memory takes no time."""
    outcomes = simulated(a_path("memory", an_origin("120ms")), at_ms(0, 130))

    assert (latencies_ms(outcomes), lookups(outcomes)) == ([120, 0], [0, 1])


def test_a_value_is_served_for_its_time_from_its_coming_on() -> None:
    """It came at 120 ms for 1 s: gone at 1,120 ms, half-open."""
    path = a_path({"memory": {"ttl": "1s"}}, an_origin("120ms"))
    outcomes = simulated(path, at_ms(0, 1_119, 1_120))

    assert lookups(outcomes) == [0, 1, 0]


def test_values_with_jitter_live_shorter_or_longer() -> None:
    """By up to a half: at 0.5 s none of a hundred for 1 s is gone, at 1 s some are."""
    path = a_path({"memory": {"ttl": "1s", "ttl_jitter": "50%"}}, an_origin("0ms"))
    keys = [*range(100)] * 4
    instants = [at for at in (0, 499, 1_000, 1_501) for _ in keys[:100]]
    seen = lookups(simulated(path, at_ms(*instants, key=keys), keys=100))

    assert sum(seen[100:200]) == 100
    assert 20 < sum(seen[200:300]) < 80


def test_each_isolate_has_its_own() -> None:
    """A value in one isolate is none in another."""
    outcomes = simulated(
        a_path("memory", an_origin()), at_ms(0, 200, 200, isolate=[0, 0, 1])
    )

    assert lookups(outcomes) == [0, 1, 0]


def test_in_an_object_all_isolates_share_it() -> None:
    """The object's memory serves whoever asks the object."""
    path = a_path("durable_object", "memory", an_origin())

    assert hits(simulated(path, at_ms(0, 200, 300, isolate=[0, 1, 2]))) == 1


def test_it_coalesces_nothing() -> None:
    """Whoever comes before the first answer fetches too."""
    outcomes = simulated(a_path("memory", an_origin("120ms")), at_ms(0, 60, 119))

    assert calls_ms(outcomes) == [0, 60, 119]


@pytest.mark.parametrize(
    "origin",
    [
        an_origin(cacheable=False),
        an_origin(faults=[{"kind": "random", "probability": 1}]),
    ],
)
def test_it_keeps_neither_errors_nor_what_is_not_cacheable(
    origin: dict[str, dict[str, object]],
) -> None:
    """Each request goes to the origin."""
    assert hits(simulated(a_path("memory", origin), at_ms(0, 200, 400))) == 3


def test_the_age_of_a_hit_counts_from_the_origin() -> None:
    """Made at 120 ms, served at 500 ms."""
    outcomes = simulated(a_path("memory", an_origin("120ms")), at_ms(0, 500))

    assert outcomes.request_rows.age_ns[1] == 380 * MS


def test_an_evicted_object_has_forgotten() -> None:
    """Idle for ten seconds, an object loses what it remembered."""
    path = a_path("durable_object", {"memory": {"ttl": "1h"}}, an_origin("100ms"))
    outcomes = simulated(path, at_ms(0, 10_099, 20_099))

    assert lookups(outcomes) == [0, 1, 0]


def test_an_error_is_kept_for_its_own_time() -> None:
    """A 404 that came at 120 ms is served until 1,120 ms, as a hit and an error."""
    missing = an_origin("120ms", faults=[{"kind": "first", "calls": 9, "status": 404}])
    path = a_path({"memory": {"error_ttl": {404: "1s"}}}, missing)
    outcomes = simulated(path, at_ms(0, 1_119, 1_120))

    assert lookups(outcomes) == [0, 1, 0]
    assert statuses(outcomes) == [404, 404, 404]


def in_front_of_redis(invalidation: str) -> list[Layer]:
    """Return a memory of 60 s before a Redis in which values live for 1 s."""
    return a_path(
        {"memory": {"ttl": "60s", "invalidation": invalidation}},
        {"redis.read": {"latency": "0ms"}},
        {"redis.write": {"latency": "0ms", "ttl": "1s"}},
        an_origin("120ms"),
    )


@pytest.mark.parametrize(
    ("invalidation", "calls"), [("none", [0]), ("tracking", [0, 1_121])]
)
def test_redis_may_tell_a_memory_that_its_value_is_gone(
    invalidation: str, calls: list[float]
) -> None:
    """Set at 120 ms; without being told, memory keeps it for its own 60 s."""
    outcomes = simulated(in_front_of_redis(invalidation), at_ms(0, 1_120, 1_121))

    assert calls_ms(outcomes) == calls


@pytest.mark.parametrize(
    ("invalidation", "calls"), [("none", [0]), ("tracking", [0, 210])]
)
def test_a_purge_of_redis_reaches_a_memory_that_is_told(
    invalidation: str, calls: list[float]
) -> None:
    """By its age it would be served to the end of its ttl."""
    purge = Agenda([Purge.model_validate({"at": "200ms"})])
    outcomes = simulated(
        in_front_of_redis(invalidation), at_ms(0, 210, 340), agenda=purge
    )

    assert calls_ms(outcomes) == calls
    assert lookups(outcomes)[2] == 1


def test_what_another_isolate_sets_ends_what_a_memory_has() -> None:
    """Both miss; the second sets at 130 ms, and the first reads it from Redis then."""
    outcomes = simulated(
        in_front_of_redis("tracking"), at_ms(0, 10, 125, 131, isolate=[0, 1, 0, 0])
    )
    served = [outcomes.layers[code] for code in outcomes.request_rows.served_by]

    assert served == ["origin", "origin", "memory", "redis"]


@pytest.mark.parametrize(
    "store",
    [
        [{"kv.read": {"read_latency": "0ms"}}, {"kv.write": {"write_latency": "0ms"}}],
        [{"redis.read": {"latency": "0ms"}}, {"redis.write": {"latency": "0ms"}}],
        ["cdn"],
    ],
    ids=["kv", "redis", "cdn"],
)
def test_before_a_store_it_keeps_a_value_for_its_own_time(store: list[Any]) -> None:
    """Stored at 100 ms for 60 s, read at 50 s, served to 110 s: ages add up.

    At 60 s the store has lost it, which the isolate that read it does not notice.
    """
    path = a_path("memory", *store, an_origin("100ms"))
    requests = at_ms(0, 50_000, 109_999, 110_000, isolate=[0, 1, 1, 1])

    outcomes = simulated(path, requests)

    assert calls_ms(outcomes) == [0, 110_000]
    assert lookups(outcomes) == [0, 1, 1, 0]
    assert outcomes.request_rows.age_ns[2] == (109_999 - 100) * MS
