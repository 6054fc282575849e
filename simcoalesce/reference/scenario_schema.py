"""Scenario schema: made once for a process, which reads it often."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from simcoalesce.scenario.schema import schema


@cache
def scenario_schema() -> Mapping[str, Any]:
    """Return the JSON Schema of scenarios."""
    return schema()


def parameters_of(kind: str) -> Mapping[str, Any]:
    """Return what the schema says of a layer's parameters."""
    forms = scenario_schema()["definitions"][f"layer-{kind}"]["anyOf"]
    found: Mapping[str, Any] = forms[0]["properties"]
    return found
