"""Sections share parameters, and are checked once."""

import pytest

from simcoalesce.model.layers.kv_read import KvRead
from simcoalesce.model.layers.kv_write import KvWrite
from simcoalesce.scenario.layer_section import layer_sections, parameters
from simcoalesce.scenario.scenario import Scenario
from tests.unit.scenario.builders import a_scenario, only_error, replaced


def test_a_section_is_shared_by_all_layers_that_name_it() -> None:
    """``kv:`` serves reading and writing; the others serve their own kind."""
    assert set(layer_sections()["kv"]) == {KvRead, KvWrite}
    assert "durable_object" in layer_sections()


def test_a_kind_is_no_parameter() -> None:
    """It is said by the path."""
    assert "kind" not in parameters(KvRead)


def test_a_mistake_in_a_section_is_told_once() -> None:
    """However many layers read it."""
    text = replaced("write_latency: 80ms", "read_latency: soon")
    text = text.replace("[kv.read, ", "[kv.read, single_flight, kv.read, ")

    assert only_error(text).where == "kv.read_latency"


def test_a_mistake_in_a_section_is_told_even_if_no_layer_reads_it() -> None:
    """Some variant may."""
    text = replaced("kv:", "durable_object: {gate: none}\nkv:")

    assert only_error(text).where == "durable_object.gate"


def test_what_is_missing_in_a_section_may_stand_in_the_path() -> None:
    """``origin:`` without a latency is fine if the path says it."""
    text = replaced("latency: 120ms", "rejects_in: 1ms")
    text = text.replace("origin]", "{origin: {latency: 1ms}}]")

    assert Scenario.parse(text).path[-1].document()["rejects_in"] == "1ms"


@pytest.mark.parametrize("section", ["kv: 3", "kv: [a]"])
def test_a_section_is_a_table(section: str) -> None:
    """Nothing else."""
    text = replaced("kv:\n  write_latency: 80ms", section)

    assert "a section is a table" in only_error(text).message


def test_an_empty_section_says_nothing() -> None:
    """``kv:`` alone is fine."""
    assert "kind" not in a_scenario("retry:\n").document()
