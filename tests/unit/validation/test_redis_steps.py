"""The application's own steps, on a Redis that a test can hold in its hand."""

import asyncio

import pytest

from simcoalesce.validation.redis_application import Asked, Found
from tests.unit.validation.redis_builders import (
    FakeOrigin,
    FakeRedis,
    a_way,
    all_of,
    run,
)

LED = ("origin", "miss", "leader")
FOLLOWED = ("origin", "miss", "follower")
HIT = ("redis", "hit", "none")


async def one_after_the_other(fetch: object, times: int) -> list[Found]:
    """Ask for a key again and again."""
    return [await fetch(Asked("key", "0")) for _ in range(times)]  # type: ignore[operator]


@pytest.mark.parametrize(
    ("path", "calls"),
    [
        ("redis.read, redis.write", 3),
        ("redis.read, single_flight, redis.write", 1),
        ("redis.read, {distributed_lock: {poll: 5ms}}, redis.write", 1),
        ("{lease: {poll: 5ms}}", 1),
    ],
)
def test_three_at_once_make_as_many_calls_as_nobody_shares(
    path: str, calls: int
) -> None:
    """Who shares is a follower."""
    origin = FakeOrigin()
    told = run(all_of(a_way(path, origin), "key", "key", "key"))

    assert origin.calls == calls
    assert sorted(told) == sorted([LED] * calls + [FOLLOWED] * (3 - calls))


def test_what_is_set_is_found() -> None:
    """And in memory what was found before."""
    told = run(one_after_the_other(a_way("redis.read, redis.write", FakeOrigin()), 2))
    kept = run(
        one_after_the_other(a_way("memory, redis.read, redis.write", FakeOrigin()), 2)
    )

    assert told == [LED, HIT]
    assert kept == [LED, ("memory", "hit", "none")]


def test_an_error_is_not_set() -> None:
    """But a 404 has a ttl of its own here."""
    failing, missing = FakeOrigin(500, 500), FakeOrigin(404, 404)
    run(one_after_the_other(a_way("redis.read, redis.write", failing), 2))
    run(one_after_the_other(a_way("redis.read, redis.write", missing), 2))

    assert (failing.calls, missing.calls) == (2, 1)


@pytest.mark.parametrize(
    ("refresh", "told"), [("foreground", LED), ("background", HIT)]
)
def test_an_early_value_is_fetched_before_or_behind_the_answer(
    refresh: str, told: tuple[str, str, str]
) -> None:
    """Beta is so large that chance decides nothing."""
    read = f"{{redis.read: {{xfetch: {{beta: 1000}}, refresh: {refresh}}}}}"
    origin = FakeOrigin()
    way = a_way(f"{read}, {{redis.write: {{ttl: 100ms}}}}", origin)

    async def twice() -> list[Found]:
        found = await one_after_the_other(way, 2)
        await asyncio.sleep(0.03)
        return found

    assert run(twice())[1] == told
    assert origin.calls == 2


@pytest.mark.parametrize(
    ("dedupe", "calls"), [("none", 4), ("isolate", 2), ("global", 2)]
)
def test_an_old_value_is_refreshed_once_or_by_all(dedupe: str, calls: int) -> None:
    """Three at once find it, and all are answered with it."""
    origin = FakeOrigin()
    way = a_way(
        f"{{redis.read: {{dedupe: {dedupe}}}}}, {{redis.write: {{soft_ttl: 1ms}}}}",
        origin,
    )

    async def asked() -> list[Found]:
        await way(Asked("key", "0"))
        await asyncio.sleep(0.005)
        found = await all_of(way, "key", "key", "key")
        await asyncio.sleep(0.05)
        return found

    assert run(asked()) == [("redis", "stale", "none")] * 3
    assert origin.calls == calls


@pytest.mark.parametrize(
    ("on_timeout", "told"),
    [("fetch", LED), ("error", ("distributed_lock", "miss", "none"))],
)
def test_who_waits_in_vain_fetches_or_fails(
    on_timeout: str, told: tuple[str, str, str]
) -> None:
    """The lock is another's, for ever."""
    redis = FakeRedis()
    redis.values["l:key"] = "another"
    lock = f"{{distributed_lock: {{poll: 1ms, wait: 5ms, on_timeout: {on_timeout}}}}}"
    way = a_way(f"redis.read, {lock}, redis.write", FakeOrigin(), redis)

    assert run(all_of(way, "key")) == [told]


@pytest.mark.parametrize(("release", "left"), [("token", False), ("none", True)])
def test_a_lock_is_freed_after_the_fetch(release: str, *, left: bool) -> None:
    """Also after one that fails."""
    redis = FakeRedis()
    lock = f"{{distributed_lock: {{release: {release}}}}}"
    way = a_way(f"redis.read, {lock}, redis.write", FakeOrigin(500), redis)
    run(all_of(way, "key"))

    assert ("l:key" in redis.values) == left


def test_a_lost_lease_sets_nothing_and_an_old_value_is_served_meanwhile() -> None:
    """Its token is gone when the answer comes."""
    redis, origin = FakeRedis(), FakeOrigin()
    way = a_way("{lease: {stale_ttl: 1s}}", origin, redis)

    async def purged() -> list[Found]:
        first = await way(Asked("key", "0"))
        del redis.values["v:key"]
        leased, stale = await all_of(way, "key", "key")
        del redis.values["v:key"]
        late = asyncio.create_task(way(Asked("key", "0")))
        await asyncio.sleep(0.005)
        redis.values["l:key"] = "another"
        return [first, leased, stale, await late]

    assert run(purged()) == [LED, LED, ("lease", "stale", "none"), LED]
    assert "v:key" not in redis.values
