"""Steps of an application in which one of all processes fetches a key."""

import asyncio
from math import inf
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
    wall_s,
)
from simcoalesce.validation.redis_commands import (
    DELETE_OWN,
    EXTEND_OWN,
    GET_OR_LEASE,
    SET_LEASED,
    lock_key,
    ms,
    stale_key,
    value_key,
)


class LockStep:
    """A lock for each key: who gets it fetches, and the others poll."""

    def __init__(self, step: Step, fetch: Fetch, pod: Pod) -> None:
        self._step = step
        self._fetch = fetch
        self._pod = pod
        self._redis = pod.redis(step)

    async def serve(self, asked: Asked) -> Found:
        """Get the lock and fetch, or wait for who has it."""
        while True:
            if token := await self._take(asked):
                return await self._hold(asked, token)
            if found := await self._wait(asked):
                return found
            if self._step["on_timeout"] != "retry_lock":
                return await self._give_up(asked)

    async def _take(self, asked: Asked) -> str | None:
        token, ttl_s = uuid4().hex, self._step["lock_ttl_s"]
        expiry = () if ttl_s is None else ("PX", ms(ttl_s))
        lock = lock_key(asked.key)
        is_taken = await self._redis.ask("SET", lock, token, "NX", *expiry)
        return token if is_taken else None

    async def _free(self, asked: Asked, token: str) -> None:
        release, lock = self._step["release"], lock_key(asked.key)
        if release == "token":
            await self._redis.ask("EVAL", DELETE_OWN, 1, lock, token)
        elif release == "plain":
            await self._redis.ask("DEL", lock)

    async def _renew(self, asked: Asked, token: str) -> None:
        ttl_s = self._step["lock_ttl_s"]
        while self._step["heartbeat"] and ttl_s is not None:
            await asyncio.sleep(ttl_s / 3)
            words = (1, lock_key(asked.key), token, ms(ttl_s))
            await self._pod.connection.ask("EVAL", EXTEND_OWN, *words)

    async def _fresh(self, asked: Asked) -> Found | None:
        text = await self._redis.ask("GET", value_key(asked.key))
        value = Kept.of(text) if text else None
        if value is None or wall_s() >= value.soft_until_s:
            return None
        return value.followed()

    async def _hold(self, asked: Asked, token: str) -> Found:
        found = await self._fresh(asked) if self._step["recheck"] else None
        if found is None:
            renewing = self._pod.start(self._renew(asked, token))
            found = (await self._fetch(asked)).led()
            renewing.cancel()
        await self._free(asked, token)
        return found

    async def _wait(self, asked: Asked) -> Found | None:
        wait_s, asks = self._step["wait_s"], self._step["asks"]
        gives_up_at_s = inf if wait_s is None else wall_s() + wait_s
        while wall_s() < gives_up_at_s:
            await asyncio.sleep(self._step["poll_s"])
            if asks != "lock" and (found := await self._fresh(asked)):
                return found
            if asks != "value" and (token := await self._take(asked)):
                return await self._hold(asked, token)
        return None

    async def _give_up(self, asked: Asked) -> Found:
        on_timeout = self._step["on_timeout"]
        if on_timeout == "error":
            return Found(503, "", "distributed_lock", role="none")
        if on_timeout == "stale":
            old = await self._pod.connection.ask("GET", stale_key(asked.key))
            if old:
                return Kept.of(old).found("distributed_lock", "stale")
        return await self._fetch(asked)


class LeaseStep:
    """A store that leases what it does not have, in one step of its own."""

    def __init__(self, step: Step, fetch: Fetch, pod: Pod) -> None:
        self._step = step
        self._fetch = fetch
        self._redis = pod.redis(step)

    async def serve(self, asked: Asked) -> Found:
        """Find a value, or fetch it with a lease, or wait for who has that."""
        token, wait_s = uuid4().hex, self._step["wait_s"]
        lease_ms, gives_up_at_s = ms(self._step["lease_ttl_s"]), None
        while True:
            said, *texts = await self._run(GET_OR_LEASE, asked, token, lease_ms)
            if said == "lease":
                return await self._fill(asked, token)
            if said == "stale":
                return Kept.of(texts[0]).found("lease", "stale")
            if said == "hit":
                value = Kept.of(texts[0])
                is_first = gives_up_at_s is None
                return value.found("lease") if is_first else value.followed()
            if gives_up_at_s is None:
                gives_up_at_s = inf if wait_s is None else wall_s() + wait_s
            if wall_s() >= gives_up_at_s:
                return await self._fetch(asked)
            await asyncio.sleep(self._step["poll_s"])

    async def _fill(self, asked: Asked, token: str) -> Found:
        asked_at_s = wall_s()
        found = (await self._fetch(asked)).led()
        ttl_s = lifetime_s(self._step, found)
        if ttl_s:
            text = kept(self._step, found, ttl_s, wall_s() - asked_at_s).text()
            ttls_ms = ms(ttl_s), ms(ttl_s + self._step["stale_ttl_s"])
            await self._run(SET_LEASED, asked, token, text, *ttls_ms)
        elif self._step["gives_back"]:
            await self._redis.ask("EVAL", DELETE_OWN, 1, lock_key(asked.key), token)
        return found

    async def _run(self, script: str, asked: Asked, *words: str | int) -> list[str]:
        names = (f(asked.key) for f in (value_key, lock_key, stale_key))
        reply: list[str] = await self._redis.ask("EVAL", script, 3, *names, *words)
        return reply
