"""The steps of an application, one function for each layer that it knows."""

import asyncio
from dataclasses import replace
from math import log
from typing import Final
from uuid import uuid4

from simcoalesce.validation.redis_application import (
    Asked,
    Fetch,
    Found,
    Kept,
    Pod,
    Step,
    kept,
    lifetime_s,
    uniform,
    wall_s,
)
from simcoalesce.validation.redis_commands import (
    DELETE_OWN,
    EXTEND_OWN,
    ms,
    stale_key,
    value_key,
)

_COVERED: Final = frozenset({500, 502, 503, 504})


def memory(step: Step, fetch: Fetch, _: Pod) -> Fetch:
    """Keep answers in the process."""
    values: dict[str, tuple[float, Found]] = {}

    async def remember(asked: Asked) -> Found:
        until_s, value = values.get(asked.key, (0.0, None))
        if value is not None and wall_s() < until_s:
            return value
        found = await fetch(asked)
        ttl_s = lifetime_s(step, found)
        if ttl_s:
            hit = replace(found, by="memory", lookup="hit", role="none")
            values[asked.key] = (wall_s() + ttl_s, hit)
        return found

    return remember


def single_flight(_: Step, fetch: Fetch, pod: Pod) -> Fetch:
    """Let those who ask the process for a key share one fetch."""
    flights: dict[str, asyncio.Task[Found]] = {}

    async def join(asked: Asked) -> Found:
        flight = flights.get(asked.key)
        if flight is not None:
            return (await asyncio.shield(flight)).followed()
        flight = flights[asked.key] = pod.start(fetch(asked))
        flight.add_done_callback(lambda _: flights.pop(asked.key))
        return (await asyncio.shield(flight)).led()

    return join


class ReadStep:
    """Gets a value, and has it refreshed where it is old, or early by chance."""

    def __init__(self, step: Step, fetch: Fetch, pod: Pod) -> None:
        self._step = step
        self._fetch = fetch
        self._pod = pod
        self._redis = pod.redis(step)
        self._refresh = refreshing(step, fetch, pod)

    async def serve(self, asked: Asked) -> Found:
        """Answer from Redis, or fetch."""
        text = await self._redis.ask("GET", value_key(asked.key))
        if text is None:
            return await self._miss(asked)
        value = Kept.of(text)
        is_old = wall_s() >= value.soft_until_s
        hit = value.found("redis", "stale" if is_old else "hit")
        if not is_old and not self._is_early(value):
            return hit
        if not self._step["waits"]:
            self._pod.start(self._refresh(asked))
            return hit
        found = await self._refresh(asked)
        return found if found.ok else hit

    def _is_early(self, value: Kept) -> bool:
        beta: float | None = self._step["beta"]
        if beta is None:
            return False
        ahead_s = value.took_s * beta * -log(1 - uniform())
        return wall_s() + ahead_s >= value.expires_at_s

    async def _miss(self, asked: Asked) -> Found:
        found = await self._fetch(asked)
        if self._step["stale_if_error_s"] and found.status in _COVERED:
            old = await self._pod.connection.ask("GET", stale_key(asked.key))
            return Kept.of(old).found("redis", "stale") if old else found
        return found


def refreshing(step: Step, fetch: Fetch, pod: Pod) -> Fetch:
    """Fetch, unless another does or has just failed: then the answer is no content."""
    redis, back_off_s = pod.redis(step), step["back_off_s"]
    busy: set[str] = set()
    failed_until_s: dict[str, float] = {}
    nothing = Found(503, "", "redis")

    async def in_the_process(asked: Asked) -> Found:
        if asked.key in busy or wall_s() < failed_until_s.get(asked.key, 0.0):
            return nothing
        if step["dedupe"] == "isolate":
            busy.add(asked.key)
        found = await fetch(asked)
        busy.discard(asked.key)
        if not found.ok:
            failed_until_s[asked.key] = wall_s() + back_off_s
        return found

    async def with_a_lock(asked: Asked) -> Found:
        lock, token = f"r:{asked.key}", uuid4().hex
        ttl_ms = ms(step["refresh_lock_ttl_s"])
        if not await redis.ask("SET", lock, token, "NX", "PX", ttl_ms):
            return nothing
        found = await fetch(asked)
        if found.ok or not back_off_s:
            await redis.ask("EVAL", DELETE_OWN, 1, lock, token)
        else:
            await redis.ask("EVAL", EXTEND_OWN, 1, lock, token, ms(back_off_s))
        return found

    return with_a_lock if step["dedupe"] == "global" else in_the_process


def redis_write(step: Step, fetch: Fetch, pod: Pod) -> Fetch:
    """Set answers, and what they leave behind."""
    redis = pod.redis(step)

    async def write(asked: Asked) -> Found:
        asked_at_s = wall_s()
        found = await fetch(asked)
        ttl_s = lifetime_s(step, found)
        if not ttl_s:
            return found
        text = kept(step, found, ttl_s, wall_s() - asked_at_s).text()
        if step["stale_s"]:
            old_ms = ms(ttl_s + step["stale_s"])
            pod.start(
                pod.connection.ask("SET", stale_key(asked.key), text, "PX", old_ms)
            )
        setting = redis.ask("SET", value_key(asked.key), text, "PX", ms(ttl_s))
        if step["acknowledge"] == "await":
            await setting
        else:
            pod.start(setting)
        return found

    return write
