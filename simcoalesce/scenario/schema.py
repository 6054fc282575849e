"""The JSON Schema of a scenario file: what editors complete, explain and check."""

import json
from collections.abc import Iterable
from typing import Any, Final

from simcoalesce.model.change import EdgeChange
from simcoalesce.model.layer import Layer
from simcoalesce.model.rate_limit import presets
from simcoalesce.scenario.draft_07 import definitions_of, reference, table
from simcoalesce.scenario.layer_section import layer_sections
from simcoalesce.scenario.scenario_spec import ScenarioSpec

TITLE: Final = "simcoalesce scenario"
"""By its title a schema file of this package is known."""

_DIALECT: Final = "http://json-schema.org/draft-07/schema#"
_CONSTANT: Final = "Constant"


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a scenario file, draft-07.

    It is looser than `Scenario.load`: what an editor cannot know (which parameters
    stand in a section, what a variant changes) is left to that.
    """
    types = Layer.members()
    (top, *own), definitions = definitions_of([ScenarioSpec, *types.values()])
    layers = dict(zip(types, own, strict=True))
    _allow_short_forms([*own, *definitions.values()])
    definitions[_CONSTANT] = _short_constant(definitions[_CONSTANT])
    _require_kinds(definitions)
    definitions |= {f"layer-{kind}": _inline(s) for kind, s in layers.items()}
    definitions |= {
        f"section-{name}": _section(sharing, layers)
        for name, sharing in layer_sections().items()
    }
    definitions["path-entry"] = _path_entry()
    properties = {
        **top["properties"],
        **{name: reference(f"section-{name}") for name in layer_sections()},
    }
    properties["path"]["items"] = reference("path-entry")
    properties["changes"]["items"] = _change_entry(definitions)
    definitions["variant"] = _variant(properties, definitions)
    return {
        "$schema": _DIALECT,
        "title": TITLE,
        **table(
            {**properties, **_file_properties()},
            "Traffic, the path that it takes, and what is expected of it.",
            anyOf=[{"required": ["traffic", "path"]}, {"required": ["extends"]}],
        ),
        "definitions": dict(sorted(definitions.items())),
    }


def schema_text() -> str:
    """Return the schema as text: the same bytes for the same version."""
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


def _short_constant(definition: dict[str, Any]) -> dict[str, Any]:
    value = definition["properties"]["value"]
    return {**value, "description": "Always the same, e.g. 80ms."}


def _allow_short_forms(definitions: Iterable[dict[str, Any]]) -> None:
    """Allow what a scenario writes shorter than the model keeps it."""
    for definition in definitions:
        properties = definition.get("properties", {})
        names = {"enum": ["unlimited", *presets()]}
        for key, others in (("rate_limit", [names]), ("max_age", [])):
            if key in properties:
                written = properties[key]
                array = {"type": written.pop("type"), "items": written.pop("items")}
                written["anyOf"] = [*others, array["items"], array]


def _require_kinds(definitions: dict[str, Any]) -> None:
    """Require the key by which a member of a family is chosen."""
    for definition in definitions.values():
        if "const" in definition.get("properties", {}).get("kind", {}):
            required = definition.get("required", [])
            definition["required"] = ["kind", *required]
            definition["properties"]["kind"].pop("default", None)


def _inline(layer: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a layer's parameters in a path; all may stand elsewhere."""
    parameters = {k: v for k, v in layer["properties"].items() if k != "kind"}
    inline = table(parameters, layer["description"])
    return {"anyOf": [inline, {"type": "null"}], "description": layer["description"]}


def _section(types: tuple[type[Layer], ...], layers: dict[str, Any]) -> dict[str, Any]:
    kinds = [layer.model_fields["kind"].default for layer in types]
    properties = {
        key: value
        for kind in kinds
        for key, value in layers[kind]["properties"].items()
        if key != "kind"
    }
    return table(properties, f"Shared by all {' and '.join(kinds)} of the path.")


def _path_entry() -> dict[str, Any]:
    names = [
        {"const": kind, "description": _first_line(layer)}
        for kind, layer in Layer.members().items()
    ]
    parameters = {kind: reference(f"layer-{kind}") for kind in Layer.members()}
    with_parameters = table(
        parameters, "A layer and its own parameters.", minProperties=1, maxProperties=1
    )
    return {"anyOf": [*names, with_parameters]}


def _change_entry(definitions: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a change: its instant, and what happens, by its kind."""
    kinds: dict[str, Any] = {}
    for kind, change in EdgeChange.members().items():
        own = definitions.pop(change.__name__)
        instant = own["properties"].pop("at")
        parameters = {k: v for k, v in own["properties"].items() if k != "kind"}
        kinds[kind] = {**table(parameters, own["description"])}
        kinds["at"] = instant
    about = "When, and what happens."
    return table(kinds, about, required=["at"], minProperties=2, maxProperties=2)


def _first_line(layer: type[Layer]) -> str:
    return (layer.__doc__ or "").strip().splitlines()[0]


def _variant(properties: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a variant: any part of a scenario, and of its traffic."""
    fixed = ("version", "name", "traffic")
    changed = {key: value for key, value in properties.items() if key not in fixed}
    whole = definitions["Traffic"]
    definitions["changed-traffic"] = {k: v for k, v in whole.items() if k != "required"}
    changed["traffic"] = reference("changed-traffic")
    description = "What it changes: tables are merged, lists and values replaced."
    changes = table(changed, description)
    return {"anyOf": [changes, {"type": "null"}], "description": description}


def _file_properties() -> dict[str, Any]:
    return {
        "extends": {
            "type": "string",
            "description": "A scenario file that this one changes, e.g. ./base.yaml.",
        },
        "variants": {
            "type": "object",
            "description": "Named changes, run as FILE@name.",
            "additionalProperties": reference("variant"),
        },
    }
