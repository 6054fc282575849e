"""Layer picture: the way of a request through one layer, in Mermaid's language."""

from collections.abc import Iterator, Mapping
from typing import Final

from simcoalesce.model.layer import Layer
from simcoalesce.model.scope import Scope

WHERE: Final[Mapping[Scope, str]] = {
    Scope.ANYWHERE: "with the client, or wherever it stands",
    Scope.ISOLATE: "in each isolate, or in an object",
    Scope.OBJECT: "in an object, and so does what follows",
    Scope.LOCATION: "in a worker, its store at each location",
    Scope.EVERYWHERE: "in a worker, its store shared by all locations",
    Scope.CACHE: "in an HTTP cache of a location",
    Scope.ORIGIN: "at the end of the path",
}
"""Where a layer runs, in words."""


def layer_picture(layer: Layer) -> str:
    """Return what a layer does with a request: arrows in Mermaid's language."""
    kind = layer.kind
    lines = [
        "flowchart LR",
        '  request(["request"]) --> layer',
        f'  subgraph where["{WHERE[layer.scope]}"]',
        f'    layer["{kind}"]',
        "  end",
        *(f"  {arrow}" for arrow in _arrows(layer)),
    ]
    return "\n".join(lines)


def _arrows(layer: Layer) -> Iterator[str]:
    if layer.scope is Scope.ORIGIN:
        yield 'layer --> answer(["answer"])'
        yield 'layer -->|"over its limits: 429"| refusal(["refusal"])'
        return
    yield f'layer -->|"{_asks(layer)}"| next["next layer"]'
    yield f'next -.->|"{_brings(layer)}"| layer'
    if layer.looks_up:
        yield f'layer -->|"{_found(layer)}"| answer(["answer"])'
    if layer.shares or layer.joins_keys:
        yield 'waiting(["others meanwhile"]) -.->|"wait for its answer"| layer'
    elif layer.makes_wait:
        yield 'waiting(["others meanwhile"]) -.->|"wait for their turn"| layer'
    if layer.starts_every_ns:
        yield 'timer(["timer"]) -.->|"at fixed times"| layer'
    if layer.makes_errors and not layer.shares:
        yield f'layer -->|"{layer.says_error}"| failure(["error"])'


def _asks(layer: Layer) -> str:
    """Return which requests go on, and how."""
    if layer.asks_again:
        return "again while it waits" if layer.calls_together else "again if it fails"
    if layer.calls_together:
        return "several calls at once"
    if layer.joins_keys:
        return "one call for all keys"
    if layer.shares:
        return "one fetch of a key"
    return "a miss" if layer.looks_up else "what passes"


def _brings(layer: Layer) -> str:
    return "answer, stored" if layer.stores else "answer"


def _found(layer: Layer) -> str:
    return layer.says_found or "found"
