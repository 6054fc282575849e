"""An application's own words: what it is asked, what it finds, what it keeps in Redis.

This is no model: it knows nothing of the simulator but the names of its layers.
"""

import asyncio
import json
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from math import inf
from secrets import randbits
from time import time_ns
from typing import Any, Self, TypeAlias, TypeVar

from simcoalesce.validation.redis_protocol import RedisConnection

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a client asks for.

    Attributes:
        key: The key.
        number: The request's, which the origin is told.
    """

    key: str
    number: str


@dataclass(frozen=True, slots=True)
class Found:
    """An answer, and its way.

    Attributes:
        status: Of HTTP.
        body: Its content.
        by: Who answered.
        lookup: ``hit``, ``stale`` or ``miss``.
        role: ``leader``, ``follower`` or ``none``.
        may_be_stored: Whether the origin allows it.
    """

    status: int
    body: str
    by: str
    lookup: str = "miss"
    role: str = "leader"
    may_be_stored: bool = True

    @property
    def ok(self) -> bool:
        """Whether it is content."""
        return self.status < 400

    def led(self) -> "Found":
        """Return it to who fetched it."""
        return self if self.role != "none" else replace(self, role="leader")

    def followed(self) -> "Found":
        """Return it to who waited for it."""
        return replace(self, lookup="miss", role="follower")


@dataclass(frozen=True, slots=True)
class Kept:
    """A value in Redis: an answer, and when it is to be made anew."""

    status: int
    body: str
    by: str
    took_s: float
    expires_at_s: float
    soft_until_s: float

    def text(self) -> str:
        """Return it as Redis has it."""
        fields = (self.status, self.body, self.by)
        return json.dumps((*fields, self.took_s, self.expires_at_s, self.soft_until_s))

    @classmethod
    def of(cls, text: str) -> Self:
        """Return what Redis has."""
        return cls(*json.loads(text))

    def found(self, by: str, lookup: str = "hit") -> Found:
        """Return it to who finds it."""
        return Found(self.status, self.body, by, lookup, "none")

    def followed(self) -> Found:
        """Return it to who waited for it."""
        return Found(self.status, self.body, self.by, "miss", "follower")


Fetch: TypeAlias = Callable[[Asked], Coroutine[Any, Any, Found]]
Step: TypeAlias = Mapping[str, Any]


class RedisCommands:
    """The server as the application sees it: each command takes its latency."""

    def __init__(self, connection: RedisConnection, latency_s: float) -> None:
        self._connection = connection
        self._half_s = latency_s / 2

    async def ask(self, *command: str | int) -> Any:
        """Send a command after half of the latency, and return after the other half."""
        await _sleep(self._half_s)
        reply = await self._connection.ask(*command)
        await _sleep(self._half_s)
        return reply

    async def run(self, script: str, keys: int, *words: str | int) -> Any:
        """Run a script, which is one command."""
        return await self.ask("EVAL", script, keys, *words)


async def _sleep(seconds: float) -> None:
    if seconds > 0:
        await asyncio.sleep(seconds)


class Pod:
    """What the steps of one process share."""

    def __init__(self, connection: RedisConnection) -> None:
        self.connection = connection
        self._tasks: set[asyncio.Future[Any]] = set()

    def redis(self, step: Step) -> RedisCommands:
        """Return the server as a step sees it."""
        return RedisCommands(self.connection, step["latency_s"])

    def start(self, work: Coroutine[Any, Any, Result]) -> "asyncio.Task[Result]":
        """Begin some work that nobody has to wait for."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def wall_s() -> float:
    """Return the time of the wall clock, in seconds."""
    return time_ns() / 1e9


def uniform() -> float:
    """Return a draw from [0, 1)."""
    return randbits(53) / (1 << 53)


def lifetime_s(step: Step, found: Found) -> float:
    """Return how long a step keeps an answer, in seconds; 0 if it does not."""
    if not found.may_be_stored:
        return 0.0
    by_status = step["error_ttl"]
    by_class = by_status.get(f"{found.status // 100}xx", 0.0)
    own: float = by_status.get(str(found.status), by_class)
    ttl_s = step["ttl_s"] if found.ok else own
    swing = 2 * uniform() - 1
    return float(ttl_s * (1 + step.get("ttl_jitter_ratio", 0.0) * swing))


def kept(step: Step, found: Found, ttl_s: float, took_s: float) -> Kept:
    """Return an answer as a step keeps it from now on."""
    now_s, soft_s = wall_s(), step.get("soft_ttl_s")
    soft_until_s = inf if soft_s is None or not found.ok else now_s + soft_s
    answer = found.status, found.body, found.by
    return Kept(*answer, took_s, now_s + ttl_s, soft_until_s)
