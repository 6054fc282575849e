"""Keys: each stands in the reference once, with a value that it takes."""

from typing import Any

import pytest
from pydantic import ValidationError

from simcoalesce.model.layer import Layer
from simcoalesce.reference.key_entries import key_entries, key_tables
from simcoalesce.reference.reference_entry import ReferenceEntry
from simcoalesce.reference.scenario_schema import scenario_schema
from simcoalesce.scenario.layer_section import layer_sections
from simcoalesce.spec import written_name
from simcoalesce.yaml.node import Source, plain
from simcoalesce.yaml.parser import parsed_yaml

KEYS = {entry.name: entry for entry in key_entries()}


def test_a_key_has_its_unit_its_bounds_and_its_default() -> None:
    """What an editor completes, in words."""
    assert KEYS["kv.write_latency"].facts["takes"] == "duration or `distribution`"
    assert KEYS["duration"].facts == {"takes": "duration, above 0", "default": "`5m`"}
    assert KEYS["traffic.spill_over"].facts["takes"] == "share, from 0 to 1"
    assert KEYS["month.hours"].facts["takes"] == "number, above 0, to 744"


def test_a_key_of_a_section_names_the_layers_that_take_it() -> None:
    """Of several that share the section."""
    assert KEYS["kv.ttl"].facts["layers"] == "`kv.write`"


def test_every_key_of_the_schema_has_an_entry() -> None:
    """At the top, and of each layer."""
    properties = scenario_schema()["properties"]
    of_layers = {
        f"{section}.{written_name(field)}"
        for section, layers in layer_sections().items()
        for layer in layers
        for field in layer.model_fields
        if field != "kind"
    }

    assert {*properties} - {*layer_sections()} <= {*KEYS}
    assert of_layers <= {*KEYS}


def test_a_table_of_a_family_says_its_kind_in_its_name() -> None:
    """So that a key has one name, whatever else is called so."""
    names = {table.name for table in key_tables()}

    assert {"traffic.arrivals.burst", "traffic.keys.zipf", "month"} <= names
    assert KEYS["traffic.arrivals.burst.within"].example == (
        "{kind: burst, requests: 10k, within: 80ms}"
    )


@pytest.mark.parametrize("kind", Layer.members())
def test_a_key_of_a_layer_takes_its_example(kind: str) -> None:
    """Each by itself: what does not fit together is another question."""
    layer = Layer.members()[kind]
    section = layer.section or kind
    refused = []
    for key in map(written_name, layer.model_fields):
        entry = KEYS.get(f"{section}.{key}")
        if entry is not None:
            refused += errors_of(layer, key, written(entry))

    assert refused == []


def errors_of(layer: type[Layer], key: str, value: Any) -> list[str]:
    """Return what a layer says of the value of one key."""
    try:
        layer.model_validate({key: value})
    except ValidationError as error:
        return [one["msg"] for one in error.errors() if one["loc"][:1] == (key,)]
    return []


def written(entry: ReferenceEntry) -> Any:
    """Return the value that an entry's example gives its key."""
    node, errors = parsed_yaml(entry.example, Source("example"))
    assert node is not None
    assert not errors
    return plain(node)[entry.name.rpartition(".")[2]]
