"""Path entries: their own parameters, their section's, and which of them wins."""

from typing import Any

import pytest

from simcoalesce.scenario.scenario import Scenario
from tests.unit.scenario.builders import TEXT, a_scenario, only_error, replaced

INLINE = TEXT.replace("kv.write,", "{kv.write: {write_latency: 20ms}},")


def _written_in(text: str, *overrides: str, variant: str | None = None) -> Any:
    scenario = Scenario.parse(text, overrides=overrides, variant=variant)
    return scenario.document()["path"][1]["kv.write"]["write_latency"]


def test_a_layer_has_the_parameters_of_its_section() -> None:
    """The path says only its name."""
    assert _written_in(TEXT) == "80ms"


def test_what_stands_in_the_path_wins() -> None:
    """Over the section of the same file."""
    assert _written_in(INLINE) == "20ms"


def test_a_flag_wins_over_what_stands_in_the_path() -> None:
    """Otherwise a sweep over kv.write_latency would do nothing, silently."""
    assert _written_in(INLINE, "kv.write_latency=5ms") == "5ms"


def test_a_variant_wins_over_what_stands_in_the_path() -> None:
    """A variant that changes a section means it."""
    text = INLINE + "variants: {fast: {kv: {write_latency: 5ms}}}\n"

    assert _written_in(text, variant="fast") == "5ms"


def test_a_parameter_can_be_changed_in_the_path() -> None:
    """Even of a layer that stands there by its name alone."""
    assert _written_in(TEXT, "path[1].kv.write.write_latency=5ms") == "5ms"


@pytest.mark.parametrize("entry", ["{memory: }", "{memory: {}}", "memory"])
def test_a_layer_without_parameters(entry: str) -> None:
    """Three ways to write it."""
    text = replaced("[kv.read", f"[{entry}, kv.read")

    assert Scenario.parse(text).path[0].kind == "memory"


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("kv.raed", 'there is no layer "kv.raed" — did you mean "kv.read"?'),
        ("quux", 'there is no layer "quux". There are: abandon, adaptive_throttle,'),
        ("3", "write a layer's name, or"),
        ("{kv.read: {}, memory: {}}", "write a layer's name, or"),
        ("{memory: 3}", "write a layer's name, or"),
        ("[memory]", "write a layer's name, or"),
    ],
)
def test_what_is_no_layer(entry: str, words: str) -> None:
    """It stands at its position in the path, and nothing else is complained of."""
    error = only_error(replaced("[kv.read", f"[{entry}"))

    assert error.where == "path[0]"
    assert words in error.message


@pytest.mark.parametrize(
    ("entry", "where", "words"),
    [
        ("{memory: {tll: 1s}}", "path[0].memory.tll", 'did you mean "ttl"'),
        ("{memory: {ttl: 0s}}", "path[0].memory.ttl", "must be above zero"),
        ("timeout", "path[0].timeout", "here or in a section timeout:"),
        ("{memory: {kind: memory}}", "path[0].memory.kind", "unknown key"),
    ],
)
def test_what_is_wrong_with_a_layer(entry: str, where: str, words: str) -> None:
    """The way to it leads through the path."""
    error = only_error(replaced("[kv.read", f"[{entry}, kv.read"))

    assert error.where == where
    assert words in error.message


@pytest.mark.parametrize("path", ["origin", "{a: b}", "3", "null"])
def test_a_path_is_a_list(path: str) -> None:
    """Not one layer."""
    text = replaced("path: [kv.read, kv.write, origin]", f"path: {path}")

    assert "write a list of" in only_error(text).message


def test_a_path_has_an_end() -> None:
    """A hundred layers are enough."""
    text = replaced("[kv.read", f"[{', '.join(['retry'] * 101)}")

    assert "at most 100 layers" in only_error(text).message


def test_a_location_that_nobody_comes_from_is_refused() -> None:
    """Objects must live where the traffic has a location."""
    text = replaced("[kv.read", "[{durable_object: {location: hmoe}}, kv.read")
    error = only_error(text)

    assert error.where == "path[0].durable_object.location"
    assert error.message == (
        'no location is named "hmoe" — did you mean "home"? The traffic has: home'
    )


def test_a_scenario_without_a_mistake_is_read() -> None:
    """The text that the others change is valid."""
    assert [layer.kind for layer in a_scenario().path] == [
        "kv.read",
        "kv.write",
        "origin",
    ]
