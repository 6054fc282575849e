"""The schema that editors read."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from simcoalesce.metrics import METRICS
from simcoalesce.model.layer import Layer
from simcoalesce.scenario.layer_section import layer_sections
from simcoalesce.scenario.schema import schema, schema_text
from tests.unit.scenario.builders import a_scenario

whole = cache(schema)
COMMITTED = Path(__file__).parents[3] / "scenarios" / "schema.json"


def _parts(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        yield part
        for value in part.values():
            yield from _parts(value)
    elif isinstance(part, list):
        for value in part:
            yield from _parts(value)


def test_the_committed_schema_is_the_generated_one() -> None:
    """To renew it: simcoalesce schema > scenarios/schema.json."""
    assert COMMITTED.read_text(encoding="utf-8") == schema_text()


def test_it_is_draft_07() -> None:
    """Editors know no later one well."""
    text = schema_text()

    assert '"$schema": "http://json-schema.org/draft-07/schema#"' in text
    for later in ("$defs", "prefixItems", "unevaluated", "discriminator", "#/$"):
        assert later not in text


def test_every_reference_leads_somewhere() -> None:
    """And nothing stands beside it, where draft-07 would ignore it."""
    definitions = whole()["definitions"]
    references = [p for p in _parts(whole()) if isinstance(p.get("$ref"), str)]
    names = {part["$ref"].removeprefix("#/definitions/") for part in references}

    assert names <= set(definitions)
    assert all(len(part) == 1 for part in references)
    assert not any(re.search(r"[^\w.-]", name) for name in names)


def test_every_top_level_key_is_there() -> None:
    """What a scenario says, its sections, and what is the file's."""
    keys = set(whole()["properties"])

    assert keys >= {*a_scenario().document(), *layer_sections(), "extends", "variants"}


def test_every_layer_can_be_completed_and_explained() -> None:
    """By its name alone, and with parameters."""
    entry = whole()["definitions"]["path-entry"]["anyOf"]
    names = {form["const"]: form["description"] for form in entry if "const" in form}

    assert set(names) == set(Layer.members()) == set(entry[-1]["properties"])
    assert all(names.values())


def test_defaults_are_written_as_a_scenario_would() -> None:
    """Completion inserts valid text."""
    kv = whole()["definitions"]["section-kv"]["properties"]

    assert kv["read_latency"]["default"] == "5ms"
    assert kv["writes_per_key"]["default"] == "1/s"


def test_a_member_of_a_family_needs_its_kind() -> None:
    """Otherwise an editor cannot tell which one it is."""
    assert "kind" in whole()["definitions"]["Burst"]["required"]


def test_every_metric_can_be_expected() -> None:
    """The pattern of an expectation lists them."""
    text = json.dumps(whole()["definitions"]["Expectation"])

    assert all(name in text for name in METRICS)


@pytest.mark.parametrize("form", ["80ms", "1m30s", ".5s"])
def test_a_latency_may_be_a_constant(form: str) -> None:
    """Most are."""
    constant = whole()["definitions"]["Constant"]

    assert constant["type"] == "string"
    assert re.search(constant["pattern"], form)
