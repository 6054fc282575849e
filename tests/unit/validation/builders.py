"""Parts of a testbed without its runtime."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from simcoalesce.model.clock import Clock
from simcoalesce.model.contexts import contexts
from simcoalesce.model.edge import entrance
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.layers.origin import Origin
from simcoalesce.model.recorder import Recorder
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.validation.http import Message
from simcoalesce.validation.kv_store import KvStore
from simcoalesce.validation.mock_origin import MockOrigin
from simcoalesce.validation.model_time import ModelTime
from simcoalesce.validation.timer_lag import TimerLag

MS = 1_000_000


def a_scenario(origin: str = "latency: 1ms", kv: str = "") -> Scenario:
    """Return a scenario of one key, with KV and an origin."""
    return Scenario.parse(
        f"""
traffic: {{arrivals: [{{kind: burst, requests: 3, within: 1ms}}]}}
kv: {{read_latency: 1ms, write_latency: 20ms, {kv}}}
origin: {{{origin}}}
path: [kv.read, kv.write, origin]
"""
    )


def found_contexts(
    scenario: Scenario, keys: tuple[str, ...] = ("key",)
) -> list[LayerContext]:
    """Return where the layers of a scenario context."""
    first = entrance(Clock(), Recorder(), seed=1, keys=keys, locations=("home",))
    return contexts(scenario.path, first)


def a_model_time(scale: float = 1) -> ModelTime:
    """Return a clock that runs from now on."""
    time = ModelTime(scale)
    time.begin(0)
    return time


def an_origin(
    written: str,
    time: ModelTime | None = None,
    headers: Mapping[str, str] | None = None,
    keys: tuple[str, ...] = ("key",),
) -> MockOrigin:
    """Return an origin."""
    scenario = a_scenario(written)
    end = scenario.path[-1]
    assert isinstance(end, Origin)
    context = found_contexts(scenario, keys)[-1]
    return MockOrigin(end, context, time or a_model_time(), TimerLag(), headers=headers)


def a_store(written: str = "", time: ModelTime | None = None) -> KvStore:
    """Return a KV store."""
    scenario = a_scenario(kv=written)
    at = found_contexts(scenario)
    return KvStore(scenario.path, at, time or a_model_time(), TimerLag())


def a_call(number: int = 0, key: str = "key") -> Message:
    """Return a call of the origin."""
    target = f"/{quote(key, safe='')}"
    return Message(f"GET {target} HTTP/1.1", {"x-request-id": str(number)}, b"")


def a_read() -> Message:
    """Return a read of the KV binding."""
    target = "/key?urlencoded=true"
    return Message(f"GET {target} HTTP/1.1", {"kv-scope": "isolate/0"}, b"")


def a_put(body: bytes = b"content") -> Message:
    """Return a put of the KV binding."""
    target = "/key?expiration_ttl=60&urlencoded=true"
    return Message(f"PUT {target} HTTP/1.1", {"kv-scope": "isolate/0"}, body)


def a_cache_scenario(
    layer: str, *clients: str, origin: str = "latency: 100ms"
) -> Scenario:
    """Return a scenario of one second whose path is a cache and an origin."""
    in_front = "".join(f"{{{client}}}, " for client in clients)
    return Scenario.parse(
        f"""
duration: 1s
traffic: {{arrivals: [{{kind: burst, requests: 3, within: 1ms}}]}}
origin: {{{origin}}}
path: [{in_front}{{{layer}}}, origin]
"""
    )


def a_cache_layer(written: str) -> Any:
    """Return the layer of such a scenario, of the class that its kind says."""
    return a_cache_scenario(written).path[0]
