"""Scenarios: paths and traffic from the schema, nearly valid, and run."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from simcoalesce.model.layer import Layer
from simcoalesce.traffic.traffic import Traffic
from tests.fuzz.chance import Chance
from tests.fuzz.from_schema import definition, value_of, whole_schema
from tests.fuzz.fuzz_input import FuzzInput
from tests.fuzz.kind import Kind
from tests.fuzz.mutation import as_yaml, mutated, mutated_text

_FILE: Final = "s.yaml"
_COMMANDS: Final = (
    *(("run", _FILE, "--json"),) * 6,
    ("run", _FILE),
    ("run", _FILE, "-q", "-o", "r.json", "-o", "requests.csv"),
    ("run", _FILE, "-o", "e.ndjson", "-o", "l.hgrm", "-o", "v.xml"),
    ("show", _FILE),
    ("why", _FILE, "--json"),
)
_LAYERS: Final = tuple(
    name.removeprefix("layer-")
    for name in sorted(whole_schema()["definitions"])
    if name.startswith("layer-") and name not in ("layer-origin", "layer-origins")
)
_PHASES: Final[tuple[dict[str, Any], ...]] = (
    {"kind": "burst", "requests": 12, "within": "40ms"},
    {"kind": "even", "requests": 8, "every_request": "5ms"},
    {"kind": "rate", "rate": "100/s", "for": "100ms"},
    {"kind": "users", "users": 3, "think": "10ms", "iterations": 3},
)
_EXTRAS: Final = ("measure", "worker", "expect", "starts_at", "prices")
_CHANGES: Final[tuple[dict[str, Any], ...]] = (
    {"at": "20ms", "purge": {}},
    {"at": "20ms", "purge": {"keys": "10%"}},
    {"at": "30ms", "restart": {"objects": False}},
)


_TRIES: Final = 8
"""So often a part is made anew that is not valid by itself."""


def _valid(made: Callable[[], Any], check: Callable[[Any], Any], otherwise: Any) -> Any:
    for _ in range(_TRIES):
        with suppress(ValueError):
            found = made()
            check(found)
            return found
    return otherwise


def _layer(chance: Chance, kind: str, otherwise: Any) -> Any:
    schema = next(
        one for one in definition(f"layer-{kind}")["anyOf"] if one["type"] == "object"
    )
    layer = Layer.members()[kind]
    fields = _valid(lambda: value_of(schema, chance), layer.model_validate, None)
    return otherwise if fields is None else {kind: fields}


def _origin(chance: Chance) -> Any:
    simple = {"origin": {"latency": "20ms"}}
    kind = chance.one_of(("origin", "origin", "origins"))
    return simple if chance.happens(0.6) else _layer(chance, kind, simple)


def _traffic(chance: Chance) -> dict[str, Any]:
    """Return traffic: mostly well-known phases, and some from the schema."""
    properties = definition("Traffic")["properties"]
    phases: list[Any] = [dict(chance.one_of(_PHASES))]
    traffic: dict[str, Any] = {"arrivals": phases}
    if chance.happens(0.4):
        schema = properties["arrivals"]["items"]
        new = _valid(lambda: value_of(schema, chance), _check_phase, phases[0])
        phases[chance.below(2) :] = [new]
    if chance.happens(0.5):
        keys = properties["keys"]
        one = {"kind": "zipf", "s": 1, "n": 3}
        traffic["keys"] = _valid(lambda: value_of(keys, chance), _check_keys, one)
    if chance.happens(0.3):
        traffic |= {"locations": {"home": 1, "away": 2}, "isolates": 2}
    return traffic


def _check_phase(phase: Any) -> None:
    Traffic.model_validate({"arrivals": [phase]})


def _check_keys(keys: Any) -> None:
    Traffic.model_validate({"arrivals": [_PHASES[0]], "keys": keys})


def scenario_document(chance: Chance) -> dict[str, Any]:
    """Return a small scenario; its parts are valid, perhaps not with each other."""
    layers = [chance.one_of(_LAYERS) for _ in range(chance.below(4))]
    properties = whole_schema()["properties"]
    extras = chance.some_of(_EXTRAS, 0.05)
    if "durable_storage" in layers:
        layers.insert(0, "durable_object")
    path = [_layer(chance, kind, None) for kind in layers]
    return {
        "duration": chance.one_of(("100ms", "200ms", "1s")),
        "replications": 1 + chance.below(2),
        "engine": chance.one_of(("auto", "auto", "auto", "simpy", "compiled")),
        "traffic": _traffic(chance),
        **{name: value_of(properties[name], chance) for name in extras},
        "changes": chance.some_of(_CHANGES, 0.1),
        "path": [*filter(None, path), _origin(chance)],
    }


def _made(chance: Chance) -> FuzzInput:
    document = mutated(
        scenario_document(chance), chance, chance.one_of((0, 0, 1, 1, 2))
    )
    text = as_yaml(document, chance)
    if chance.happens(0.05):
        text = mutated_text(text, chance)
    return FuzzInput(chance.one_of(_COMMANDS), {_FILE: text})


KIND: Final = Kind("scenarios", _made, in_ci=120)
