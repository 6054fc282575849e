"""Layers: each tells what it does, in a path that is valid."""

import pytest

from simcoalesce.model.layer import Layer
from simcoalesce.reference.layer_entries import layer_entry


@pytest.mark.parametrize("kind", Layer.members())
def test_a_layer_stands_in_its_path_and_in_its_picture(kind: str) -> None:
    """The path was read as that of a scenario before."""
    entry = layer_entry(kind)

    assert kind in entry.example
    assert f'layer["{kind}"]' in entry.picture
    assert entry.summary.endswith(".")


def test_a_picture_shows_who_waits_and_what_is_found() -> None:
    """From what the layer says of itself."""
    assert "wait for its answer" in layer_entry("single_flight").picture
    assert "KV shows the value" in layer_entry("kv.read").picture
    assert "again if it fails" in layer_entry("retry").picture
    assert "next layer" not in layer_entry("origin").picture


def test_a_layer_of_a_shared_section_has_its_own_keys_only() -> None:
    """The section kv is of two layers."""
    names = {key.name for key in layer_entry("kv.read").keys}

    assert "kv.read_latency" in names
    assert "kv.write_latency" not in names
