"""The origin of the testbed: on loopback, in real time, by the scenario's own rules.

Latencies, limits and faults are those of the model, with the same random streams. What
is tested lies before it: the worker, its isolates and objects, the gates, and the order
in which all that happens.
"""

from collections.abc import Mapping
from dataclasses import replace
from email.utils import formatdate
from typing import Final
from urllib.parse import unquote

import numpy as np

from simcoalesce.model.answer import NOT_SAID
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.layers.origin import Origin
from simcoalesce.model.origin import OriginServer, Reply
from simcoalesce.outcomes import OriginRows
from simcoalesce.request import Request
from simcoalesce.units import NS_PER_S
from simcoalesce.validation.http import Message, Response
from simcoalesce.validation.model_time import ModelTime
from simcoalesce.validation.timer_lag import TimerLag

READY: Final = ".ready"
"""A path that is no key: caches keep its answer, and can be asked for nothing."""


class MockOrigin:
    """An origin with the scenario's latency, limits, faults and versions."""

    def __init__(
        self,
        layer: Origin,
        context: LayerContext,
        time: ModelTime,
        timer_lag: TimerLag,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Take the rules of a layer, and headers for answers that may be stored."""
        self._layer = layer
        self._headers = headers or {}
        self._time = time
        self._timer_lag = timer_lag
        self._key_of = {key: number for number, key in enumerate(context.keys)}
        self._changes = np.array(sorted(layer.changes_at), dtype=np.int64)
        self._server = _server(layer, context)
        self._rows: list[list[int]] = []

    async def handle(self, message: Message) -> Response:
        """Answer a call, or refuse it."""
        at_ns = self._time.now_ns()
        key = unquote(message.first_line.split(" ")[1][1:])
        if key == READY:
            kept = {"Date": formatdate(usegmt=True), "Cache-Control": "max-age=3600"}
            return Response(200, b"{}", kept)
        number = int(message.headers.get("x-request-id") or 0)
        request = Request(number, self._key_of.get(key, 0), 0, 0, at_ns)
        reply = self._server.receive(request, at_ns)
        # A call counts from here on: the run may end before it is answered.
        row = [number, request.key, at_ns, reply.completed_at_ns, reply.status]
        row.append(self._version(at_ns))
        self._rows.append(row)
        headers_at_ns = reply.completed_at_ns - reply.body_ns
        now_ns = await self._waited(headers_at_ns)
        if not reply.body_ns:
            row[3] = now_ns
            return self._response(reply, now_ns)

        async def body() -> bytes:
            row[3] = await self._waited(reply.completed_at_ns)
            return self._content(now_ns, row[3])

        return replace(self._response(reply, now_ns), later=body)

    async def _waited(self, until_ns: int) -> int:
        await self._time.until(until_ns)
        now_ns = self._time.now_ns()
        self._timer_lag.note(until_ns, now_ns)
        return now_ns

    def _version(self, at_ns: int) -> int:
        every_ns = self._layer.changes_every_ns
        passed = int(np.searchsorted(self._changes, at_ns, side="right"))
        return passed + (at_ns // every_ns if every_ns else 0)

    def _response(self, reply: Reply, now_ns: int) -> Response:
        # As every server says it: without, Squid takes an answer for expired.
        says = {"Date": formatdate(usegmt=True)}
        if reply.status >= 400:
            if reply.retry_after_ns:
                says["Retry-After"] = str(-(-reply.retry_after_ns // NS_PER_S))
            return Response(reply.status, self._content(now_ns, now_ns), says)
        not_stored = {"Cache-Control": "no-store"}
        cacheable = self._layer.cacheable and reply.cacheable
        says |= self._headers if cacheable else not_stored
        if cacheable and reply.max_age_ns != NOT_SAID:
            real_ns = reply.max_age_ns * self._time.scale
            says["Cache-Control"] = _with_max_age(says, round(real_ns / NS_PER_S))
        return Response(200, self._content(now_ns, now_ns), says)

    def _content(self, made_at_ns: int, complete_at_ns: int) -> bytes:
        # As long, whatever the figures: the headers have said how long it is.
        says = (
            f'{{"made_at_ns": {made_at_ns:20}, "complete_at_ns": {complete_at_ns:20}}}'
        )
        return says.ljust(self._layer.response_size_bytes).encode()

    def rows(self) -> OriginRows:
        """Return the calls so far, in their order."""
        table = np.array(sorted(self._rows, key=lambda row: row[2]), dtype=np.int64)
        return OriginRows(*table.reshape(-1, 6).T)

    @property
    def response_bytes(self) -> int:
        """How much content it has sent."""
        accepted = sum(row[4] < 400 for row in self._rows)
        return accepted * self._layer.response_size_bytes


def _with_max_age(headers: Mapping[str, str], max_age_s: int) -> str:
    """Return what Cache-Control says with another lifetime."""
    others = filter(None, headers.get("Cache-Control", "").split(", "))
    kept = (one for one in others if not one.startswith("max-age="))
    return ", ".join([f"max-age={max_age_s}", *kept])


def _server(layer: Origin, context: LayerContext) -> OriginServer:
    return OriginServer(
        latency=context.sampler(layer.latency, "latency"),
        rejects_in=context.sampler(layer.rejects_in, "rejects_in"),
        latency_of=layer.own_latency(context),
        body=context.sampler(layer.body, "body"),
        max_age=layer.lifetimes(context),
        limits=layer.running_limits(context),
        servers=layer.servers(),
        faults=layer.fault_injector(context),
        retry_after_ns=layer.retry_after_ns,
    )
