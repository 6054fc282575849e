"""Layers: what every step of a path has in common."""

import pytest
from pydantic import ValidationError

from simcoalesce.model.clock import Clock, Fetch
from simcoalesce.model.domains import Isolates
from simcoalesce.model.kv import Namespace
from simcoalesce.model.layer import Layer
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.recorder import Recorder
from tests.builders import a_path, a_request


def test_in_isolates_a_domain_is_the_isolate_of_the_request() -> None:
    """And its location the request's."""
    request, isolates = a_request(location=2, isolate=41), Isolates()

    assert (isolates.domain_of(request), isolates.location_of(request)) == (41, 2)


def test_draws_of_a_context_belong_to_its_label() -> None:
    """Two layers of a path do not draw the same."""
    isolates = Isolates()

    def a_context(label: str) -> LayerContext:
        return LayerContext(
            clock=Clock(),
            kv=Namespace(1),
            recorder=Recorder(),
            seed=1,
            keys=["a"],
            locations=["b"],
            domains=isolates,
            inner_domains=isolates,
            label=label,
            is_client=False,
        )

    draws = [a_context(label).stream("any").bits(0) for label in ("a", "b", "a")]

    assert draws[0] == draws[2] != draws[1]


def test_an_idea_is_no_layer() -> None:
    """Each member says what it does."""
    nowhere: Fetch = NotImplemented

    with pytest.raises(NotImplementedError):
        Layer.model_construct(kind="idea").wrap(nowhere, NotImplemented)


@pytest.mark.parametrize("kind", ["kv.reed", "", None, 3])
def test_an_unknown_kind_is_refused(kind: object) -> None:
    """There is no default layer."""
    with pytest.raises(ValidationError):
        a_path({kind: {}})  # type: ignore[dict-item]


def test_an_unknown_parameter_is_refused() -> None:
    """A typo does not become a default."""
    with pytest.raises(ValidationError, match="Extra inputs"):
        a_path({"kv.read": {"read_latncy": "5ms"}})


@pytest.mark.parametrize(
    "entry",
    [
        "kv.read",
        {"kv.read": {"refresh_ahead": {"fraction": "80%"}, "xfetch": {"beta": 2}}},
        "kv.write",
        {"kv.write": {"writes_per_key": "unlimited"}},
        "single_flight",
        {"durable_object": {"id_from": {"shards": 4}, "hops": {"a/b": "35ms"}}},
        "memory",
        "retry",
        {"timeout": {"after": "1s"}},
        {"origin": {"latency": {"median": "80ms", "p99": "400ms"}}},
        {"origin": {"latency": "1ms", "rate_limit": "cloudflare-api"}},
        {"origin": {"latency": "1ms", "faults": [{"kind": "first", "calls": 3}]}},
    ],
)
def test_a_layer_can_be_read_as_it_is_written(entry: str) -> None:
    """The resolved document of a layer gives the same layer again."""
    (layer,) = a_path(entry)
    document = layer.document()
    kind = document.pop("kind")

    assert a_path({kind: document}) == [layer]


@pytest.mark.parametrize(
    "layer", Layer.members().values(), ids=lambda one: one.__name__
)
def test_a_layer_of_the_package_has_words_for_what_it_keeps(layer: type[Layer]) -> None:
    """Sentences about a layer from outside make do with its name."""
    assert bool(layer.says_found) == layer.looks_up
    assert bool(layer.says_stored) == layer.stores


def test_a_layer_from_outside_is_called_by_its_kind() -> None:
    """Unless it has a store, or shares a section."""
    (read,) = a_path("kv.read")
    outside = Layer.model_construct(kind="warm_pool")

    assert (outside.noun, outside.served_by) == ("the warm pool", "warm_pool")
    assert (read.noun, read.served_by) == ("KV", "kv")
