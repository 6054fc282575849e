"""Cache servers: what the targets that are caches have in common."""

import os
import shutil
from collections.abc import AsyncIterator, Container, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar, Final

from typing_extensions import override

from simcoalesce.distribution import Constant, Distribution
from simcoalesce.model.layer import Layer
from simcoalesce.model.layers.cdn import Cdn
from simcoalesce.model.lifetime import FIRST_ERROR, LAST_ERROR, error_lifetime_ns
from simcoalesce.model.scope import Scope
from simcoalesce.outcomes import CLIENT_LEFT, Lookup, Role
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.units import NS_PER_S, format_duration
from simcoalesce.validation.clients import ClientRequest
from simcoalesce.validation.hang_ups import behind_clients
from simcoalesce.validation.programs import free_port, installed_program, said_version
from simcoalesce.validation.subprocesses import guarded_subprocess
from simcoalesce.validation.target import (
    RunningTarget,
    Target,
    TestbedContext,
    Trace,
)

STATUS_HEADER: Final = "X-Cache-Status"
"""In which a server says what its cache had."""


@dataclass(frozen=True)
class ServerContext:
    """What a server is started with.

    Attributes:
        folder: For everything that it writes.
        port: Where it has to listen, on loopback.
        origin_port: Where the origin listens.
        scale: Real seconds in a second of model time.
    """

    folder: Path
    port: int
    origin_port: int
    scale: float = 1.0

    def write(self, name: str, text: str) -> Path:
        """Write a file of the configuration; return where it is."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path


class CacheServer(Target):
    """A cache of one location: clients ask it, and it asks the origin."""

    program: ClassVar[str]
    """What is run; its Debian package has the name of the kind."""
    asks_version: ClassVar[tuple[str, str]]
    """The argument that makes it say its version, and the word before the number."""
    carries: ClassVar[tuple[type[Layer], ...]]
    """The layers whose rules it has."""
    has_whole_seconds: ClassVar[bool] = True
    """Whether its clock counts whole seconds, so that it knows no time scale."""
    shares_errors: ClassVar[bool] = False
    """Whether requests that wait share an error; if not, each error is their own."""
    incomplete: ClassVar[str] = "whole"
    """What it does, as a `cdn`, with an answer whose body still comes."""
    owner: ClassVar[str | None] = None
    """The user that must own its folder if we are root: it does not stay so."""
    stale_words: ClassVar[frozenset[str]] = frozenset()
    """What it says in the status header of an expired answer."""

    @property
    @override
    def layers(self) -> tuple[str, ...]:
        return (self.kind, "origin")

    def server_command(
        self, layer: Any, context: ServerContext
    ) -> Sequence[str | Path]:
        """Write the configuration of a layer, and return the command for it.

        The program must stay in the foreground.
        """
        raise NotImplementedError

    def objections_to(self, layer: Any, lasts_ns: int) -> Iterator[str]:  # noqa: ARG002
        """Yield what it cannot do of a layer's rules, while requests arrive so long."""
        yield from ()

    def found(self) -> Path:
        """Return where it is installed.

        Raises:
            CannotValidate: If it is not; with the command that installs it.
        """
        return installed_program(self.program, self.kind, self.kind)

    @override
    def version(self) -> str:
        return said_version(self.found(), *self.asks_version)

    @override
    def objections(self, scenario: Scenario, scale: float) -> Iterator[str]:
        first, *others = behind_clients(scenario.path)
        kinds = " or ".join(f"[{layer_kind(own)}, origin]" for own in self.carries)
        if first.scope is Scope.ANYWHERE:
            yield f"path: clients do not {first.kind} here; it can {kinds}"
        elif type(first) not in self.carries or len(others) != 1:
            yield f"path: it can {kinds}"
        else:
            yield from self.objections_to(first, scenario.duration_ns)
            yield from self._objections_to_answers(first, others[0], scale)
            if any(wait.length_ns for wait in first.waits_after()):
                yield f"{first.kind}.hop: 0ms; its clients are beside it"
        if len(scenario.traffic.locations) > 1:
            yield "traffic.locations: one, as it is one cache"
        if scale != 1 and self.has_whole_seconds:
            yield "--time-scale: leave it out; its clock cannot run slower"

    def _objections_to_answers(
        self, layer: Layer, origin: Layer, scale: float
    ) -> Iterator[str]:
        """Yield what it cannot do with slow bodies and with lifetimes."""
        lifetimes: Sequence[Distribution] = getattr(origin, "max_age", ())
        matters = origin.streams or lifetimes
        if matters and isinstance(layer, Cdn) and layer.incomplete != self.incomplete:
            yield f"cdn.incomplete: {self.incomplete}, as it treats answers"
        for lifetime in lifetimes:
            if isinstance(lifetime, Constant):
                real_ns = round(lifetime.value_ns * scale)
                yield from whole_seconds("origin.max_age", real_ns)
            else:
                yield "origin.max_age: write one duration, or a list of them"

    @asynccontextmanager
    @override
    async def started(self, context: TestbedContext) -> AsyncIterator[RunningTarget]:
        port, layer = free_port(), behind_clients(context.scenario.path)[0]
        offset_ns = getattr(layer, "clock_offset_ns", None)
        with TemporaryDirectory(prefix="simcoalesce-") as name:
            folder = Path(name)
            own = ServerContext(folder, port, context.origin_port, context.time.scale)
            command = self.server_command(layer, own)
            _hand_over(folder, self.owner)
            async with guarded_subprocess(self.kind, command, folder) as process:
                await process.listens(port)
                only_port = [0] * len(context.requests)
                yield RunningTarget([port], only_port, lambda _: {}, offset_ns)

    @override
    def traces(
        self,
        scenario: Scenario,
        answered: Sequence[ClientRequest],
        callers: Container[int],
    ) -> list[Trace]:
        layer = behind_clients(scenario.path)[0]
        return [
            self._trace(request, layer, has_called=number in callers)
            for number, request in enumerate(answered)
        ]

    def _trace(
        self, request: ClientRequest, layer: Layer, *, has_called: bool
    ) -> Trace:
        """Tell a hit from a miss by when there was something to share: before it came.

        What was there later was waited for, unless nobody waits here: then it has come
        between the client and the cache. Of who hung up nothing is known.
        """
        if request.status == CLIENT_LEFT:
            return Trace(0, Lookup.MISS, Role.NONE)
        waits = not isinstance(layer, Cdn) or layer.lock
        streams = layer.serves_incomplete
        there_ns = request.made_at_ns if streams else request.complete_at_ns
        if there_ns is None or there_ns >= request.sent_at_ns:
            if has_called:
                return Trace(1, Lookup.MISS, Role.LEADER)
            if there_ns is None and not self.shares_errors:
                return Trace(0, Lookup.MISS, Role.NONE)
            if waits or there_ns is None:
                return Trace(0, Lookup.MISS, Role.FOLLOWER)
        said = request.message.headers if request.message else {}
        is_stale = said.get(STATUS_HEADER.lower()) in self.stale_words
        return Trace(0, Lookup.STALE if is_stale else Lookup.HIT, Role.NONE)

    @override
    def as_run(
        self, path: tuple[Layer, ...], scale: float, clock_offset_ns: int
    ) -> tuple[Layer, ...]:
        if not self.has_whole_seconds:
            return path
        first, *others = behind_clients(path)
        return (
            *path[: -len(others) - 1],
            first.model_copy(update={"clock_offset_ns": clock_offset_ns}),
            *others,
        )


def layer_kind(layer: type[Layer]) -> str:
    """Return how a path writes a layer."""
    return str(layer.model_fields["kind"].default)


def cdn_objections(layer: Cdn, lasts_ns: int) -> Iterator[str]:
    """Yield what a cache of whole seconds, which serves nothing stale, cannot do."""
    yield from whole_seconds("cdn.ttl", layer.ttl_ns)
    if layer.stale_while_revalidate_ns:
        yield "cdn.stale_while_revalidate: 0s; it has no such thing"
    if layer.stale_if_error_ns != 0:
        yield "cdn.stale_if_error: 0s; it has no such thing"
    if any(statuses_kept(layer.error_ttl)):
        yield "cdn.error_ttl: {}; it is told to store no error"
    if not layer.whole_seconds and lasts_ns > layer.ttl_ns:
        yield "cdn.whole_seconds: true, as its clock counts them"


def whole_seconds(name: str, duration_ns: int) -> Iterator[str]:
    """Yield an objection to a duration that is not in whole seconds."""
    if duration_ns % NS_PER_S:
        yield f"{name}: write whole seconds, not {format_duration(duration_ns)}"


def statuses_kept(error_ttl: Mapping[str, int]) -> Iterator[tuple[int, int]]:
    """Yield each error that is kept, and for how long."""
    for status in range(FIRST_ERROR, LAST_ERROR + 1) if error_ttl else ():
        ttl_ns = error_lifetime_ns(status, error_ttl)
        if ttl_ns:
            yield status, ttl_ns


def ms(duration_ns: int) -> int:
    """Return a duration in whole milliseconds, as most servers take it."""
    return round(duration_ns / 1_000_000)


def _hand_over(folder: Path, owner: str | None) -> None:
    """Give a folder to the user that a server becomes."""
    if owner is None or os.geteuid() != 0:
        return
    for path in (folder, *folder.rglob("*")):
        shutil.chown(path, owner, owner)
