"""A Redis without a server, so that the steps of the application can be run."""

import asyncio
from collections.abc import Coroutine
from typing import Any, cast

from simcoalesce.validation.pod_path import pod_path
from simcoalesce.validation.redis_application import Asked, Fetch, Found, Pod
from simcoalesce.validation.redis_commands import (
    DELETE_OWN,
    EXTEND_OWN,
    GET_OR_LEASE,
    SET_LEASED,
)
from simcoalesce.validation.redis_pod import way
from simcoalesce.validation.redis_protocol import RedisConnection
from tests.unit.validation.test_pod_path import a_scenario


class FakeRedis:
    """What the application needs of a server; nothing expires by itself."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    async def ask(self, *command: str | int) -> Any:
        """Run a command."""
        await asyncio.sleep(0)
        name, *words = (str(word) for word in command)
        match name:
            case "GET":
                return self.values.get(words[0])
            case "SET":
                if "NX" in words and words[0] in self.values:
                    return None
                self.values[words[0]] = words[1]
                return "OK"
            case "DEL":
                return int(self.values.pop(words[0], None) is not None)
        script, count, *rest = words
        return self._run(script, rest[: int(count)], rest[int(count) :])

    def _run(self, script: str, keys: list[str], words: list[str]) -> Any:
        if script == GET_OR_LEASE:
            value, lease, old = keys
            return self._get_or_lease(value, lease, old, words[0])
        if script == SET_LEASED:
            if self.values.get(keys[1]) != words[0]:
                return 0
            self.values |= {keys[0]: words[1], keys[2]: words[1]}
            del self.values[keys[1]]
            return 1
        assert script in {DELETE_OWN, EXTEND_OWN}
        if script == DELETE_OWN and self.values.get(keys[0]) == words[0]:
            del self.values[keys[0]]
        return 1

    def _get_or_lease(self, value: str, lease: str, old: str, token: str) -> Any:
        if value in self.values:
            return ["hit", self.values[value]]
        if lease not in self.values:
            self.values[lease] = token
            return ["lease"]
        return ["stale", self.values[old]] if old in self.values else ["wait"]


class FakeOrigin:
    """Answers after a moment, each time with another content."""

    def __init__(self, *statuses: int) -> None:
        self._statuses = [*statuses]
        self.calls = 0

    async def fetch(self, asked: Asked) -> Found:
        """Answer with the next status, or with content."""
        self.calls += 1
        status = self._statuses.pop(0) if self._statuses else 200
        await asyncio.sleep(0.01)
        return Found(status, f"{asked.key} {self.calls}", "origin")


def a_way(path: str, origin: FakeOrigin, redis: FakeRedis | None = None) -> Fetch:
    """Return the steps of a path before an origin; commands take no time."""
    steps = pod_path(a_scenario(path).path, 1)
    quick = [{**step, "latency_s": 0} for step in steps]
    pod = Pod(cast("RedisConnection", redis or FakeRedis()))
    return way(quick, cast("Any", origin), pod)


def run(work: Coroutine[Any, Any, list[Found]]) -> list[tuple[str, str, str]]:
    """Return who answered, from where, and in which role."""
    return [(one.by, one.lookup, one.role) for one in asyncio.run(work)]


async def all_of(fetch: Fetch, *keys: str) -> list[Found]:
    """Ask for keys at once."""
    return await asyncio.gather(*(fetch(Asked(key, "0")) for key in keys))
