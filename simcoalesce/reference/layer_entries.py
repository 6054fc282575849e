"""Layer entries: what each layer says of itself, and a path in which it stands."""

import sys
from collections.abc import Iterator, Sequence
from typing import Any, Final

from simcoalesce.model.layer import Layer
from simcoalesce.model.scope import Scope
from simcoalesce.reference.key_entries import key_tables
from simcoalesce.reference.key_example import example_table
from simcoalesce.reference.layer_picture import WHERE, layer_picture
from simcoalesce.reference.reference_entry import ReferenceEntry, paragraphs
from simcoalesce.reference.scenario_schema import parameters_of, scenario_schema
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.spec import written_name
from simcoalesce.yaml.writer import flow_text

_HERE: Final = "*"
_PATHS: Final[Sequence[Sequence[str]]] = (
    ("kv.read", _HERE, "kv.write", "origin"),
    (_HERE, "kv.read", "kv.write", "origin"),
    ("redis.read", _HERE, "redis.write", "origin"),
    ("durable_object", _HERE, "origin"),
    (_HERE, "origin"),
    (_HERE,),
)
"""Paths in which a layer may stand: the first one that is valid is its example."""


def layer_entries() -> Iterator[ReferenceEntry]:
    """Yield every layer, by name."""
    return map(layer_entry, Layer.members())


def layer_entry(kind: str) -> ReferenceEntry:
    """Return what is told of one layer.

    Raises:
        KeyError: If there is no such layer.
    """
    layer = Layer.members()[kind]
    path, example = _path_with(kind)
    of_path = next(one for one in example.path if one.kind == kind)
    return ReferenceEntry(
        subject="layer",
        name=kind,
        text=_text(layer),
        facts=dict(_facts(of_path)),
        example=f"path: {flow_text(path)}",
        picture=layer_picture(of_path),
        keys=_keys(layer),
    )


def _text(layer: type[Layer]) -> str:
    module = sys.modules[layer.__module__].__doc__ or ""
    first = paragraphs(module).split("\n\n")[0].partition(": ")[2]
    return f"{first[:1].upper()}{first[1:]}\n\n{paragraphs(layer.__doc__)}".strip()


def _facts(layer: Layer) -> Iterator[tuple[str, str]]:
    yield "runs", WHERE[layer.scope]
    yield "its keys stand in", f"`{layer.section or layer.kind}:`, or in the path"
    if layer.says_stored:
        yield "stores", layer.says_stored
    if layer.is_bypassed:
        yield "POSTs", "bypass it"
    if layer.stores:
        yield "a purge", "reaches it" if layer.is_purged else "reaches it if named"
    if layer.events:
        kinds = dict.fromkeys(event.kind for event in layer.events)
        yield "events", ", ".join(f"`{kind}`" for kind in kinds)
    if layer.not_modelled:
        yield "not modelled", "; ".join(layer.not_modelled)


def _keys(layer: type[Layer]) -> tuple[ReferenceEntry, ...]:
    kind = layer.model_fields["kind"].default
    of = {table.name: table.keys for table in key_tables()}
    known = parameters_of(kind)
    keys = of.get(layer.section or kind, ())
    return tuple(key for key in keys if key.name.rpartition(".")[2] in known)


def _path_with(kind: str) -> tuple[list[Any], Scenario]:
    """Return a path with a layer, and the scenario that has it."""
    layer = Layer.members()[kind]
    usual = sorted(_PATHS, key=lambda path: not _is_usual(path, layer, kind))
    for pattern in usual:
        names = [name for name in pattern if kind not in pattern or name != _HERE]
        path = [_written(kind if name == _HERE else name, kind) for name in names]
        written = {"traffic": _TRAFFIC, "origin": _ORIGIN, "path": path}
        try:
            return path, Scenario.parse(flow_text(written))
        except ValueError:
            continue
    raise AssertionError(f"no example has a valid path with {kind}")


def _is_usual(path: Sequence[str], layer: type[Layer], kind: str) -> bool:
    """Whether a layer usually stands in such a path."""
    if layer.scope is Scope.CACHE or kind == "lease":
        return path == (_HERE, "origin")
    if kind in path:
        return kind != "durable_object"
    return bool(layer.section) and path[0].startswith(f"{layer.section}.")


_TRAFFIC: Final = {"arrivals": [{"kind": "burst", "requests": 800, "within": "400ms"}]}
_ORIGIN: Final = {"latency": "120ms"}


def _written(name: str, kind: str) -> Any:
    """Return the entry of a path; the layer itself with what it requires."""
    layer = Layer.members()[name]
    required = [
        written_name(field)
        for field, about in layer.model_fields.items()
        if about.is_required()
    ]
    if name != kind or name == "origin" or not required:
        return name
    table = {"properties": parameters_of(name), "required": required}
    return {name: example_table(table, scenario_schema()["definitions"])}
