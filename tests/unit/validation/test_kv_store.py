"""The KV store of the testbed."""

import asyncio

import pytest

from simcoalesce.validation.kv_store import KvStore
from tests.unit.validation.builders import MS, a_model_time, a_put, a_read, a_store


async def put_and_read(store: KvStore, *, waits: bool) -> list[int]:
    """Put, and read before or after the put is acknowledged; return the statuses."""
    put = asyncio.create_task(store.handle(a_put()))
    await asyncio.sleep(0)
    if waits:
        await put
    read = await store.handle(a_read())
    return [(await put).status, read.status]


def test_a_read_before_the_put_is_visible_finds_nothing() -> None:
    """This gap is the stampede."""
    assert asyncio.run(put_and_read(a_store(), waits=False)) == [200, 404]


def test_a_read_after_the_put_finds_it() -> None:
    """Acknowledged is visible, where it was written."""
    assert asyncio.run(put_and_read(a_store(), waits=True)) == [200, 200]


@pytest.mark.parametrize(
    ("local_writes", "status"), [("visible", 200), ("cached", 404)]
)
def test_a_put_ends_what_its_location_kept_of_absence(
    local_writes: str, status: int
) -> None:
    """Read absent, put, read again: the scenario says what its location shows."""
    store = a_store(f"negative_ttl: 30s, local_writes: {local_writes}")

    async def reads() -> list[int]:
        before = await store.handle(a_read())
        await store.handle(a_put())
        return [before.status, (await store.handle(a_read())).status]

    assert asyncio.run(reads()) == [404, status]


def test_an_entry_expires_after_its_ttl() -> None:
    """In the time of the scenario."""
    time = a_model_time()
    store = a_store("ttl: 1s", time)

    statuses = asyncio.run(put_and_read(store, waits=True))
    time.begin(-1.1)
    statuses.append(asyncio.run(store.handle(a_read())).status)

    assert statuses == [200, 200, 404]


def test_the_second_put_of_a_key_within_a_second_is_refused() -> None:
    """As Workers KV does, if the scenario says so."""
    store = a_store("writes_per_key: 1/s")

    async def puts() -> list[int]:
        responses = await asyncio.gather(store.handle(a_put()), store.handle(a_put()))
        return [response.status for response in responses]

    assert asyncio.run(puts()) == [200, 429]
    assert store.usage == {"kv_writes": 1, "kv_writes_refused": 1}


def test_a_read_takes_its_time() -> None:
    """The runtime's own store would answer at once."""
    time = a_model_time()

    asyncio.run(a_store("", time).handle(a_read()))

    assert time.now_ns() >= MS
