"""Which models a scenario is made of, and where pydantic's locations lead."""

from simcoalesce.discovery import kind_of
from simcoalesce.model.layers.durable_object import DurableObject
from simcoalesce.model.layers.origin import Origin
from simcoalesce.traffic import Traffic
from simcoalesce.yaml.schema_index import (
    fields_of,
    file_keys,
    keys_of,
    models_at,
    reachable,
)


def test_fields_have_the_names_of_a_scenario() -> None:
    """Without their units."""
    assert "eviction_after" in fields_of(DurableObject)


def test_a_location_leads_through_tags_to_one_model() -> None:
    """The kind says which."""
    (model,) = models_at([Traffic], ["arrivals", 0, "burst"])

    assert kind_of(model) == "burst"


def test_a_location_without_a_tag_leads_to_all_members() -> None:
    """Any of them may have been meant."""
    kinds = {kind_of(model) for model in models_at([Origin], ["faults", 0])}

    assert kinds == {"always", "calls", "first", "random", "window"}


def test_a_location_leads_to_one_form_of_a_latency() -> None:
    """By the name of its form."""
    assert keys_of(models_at([Origin], ["latency", "lognormal"])) >= ["median"]


def test_all_models_are_reachable() -> None:
    """Through lists, tables and unions."""
    names = {model.__name__ for model in reachable([Origin])}

    assert {"TokenBucket", "Lognormal", "FaultWindow"} <= names


def test_the_keys_of_files_are_known_by_their_type() -> None:
    """A new key that names a file needs no list."""
    assert file_keys([Traffic, Origin]) == {"file", "empirical", "replay"}
