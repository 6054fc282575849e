"""Validation: from what a document says to a checked scenario, or to every error."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Final, TypeVar

from simcoalesce.confinement import confined
from simcoalesce.discovery import PluginError, extra_members
from simcoalesce.model.layer import Layer
from simcoalesce.scenario.bounds_rule import path_bound_faults, traffic_bound_faults
from simcoalesce.scenario.document import Document
from simcoalesce.scenario.layer_section import (
    LayerSection,
    layer_sections,
    sections_in,
)
from simcoalesce.scenario.path_entry import PathEntry, path_entries, resolved
from simcoalesce.scenario.path_rule import (
    change_faults,
    lifetime_faults,
    location_faults,
    path_faults,
    silence_faults,
    tier_faults,
)
from simcoalesce.scenario.scenario_spec import ScenarioSpec
from simcoalesce.scenario.selection_rule import (
    SelectionFault,
    expectation_faults,
    report_faults,
)
from simcoalesce.spec import Spec
from simcoalesce.suggestion import listed
from simcoalesce.traffic.traffic import Traffic
from simcoalesce.yaml.error_messages import unknown_key
from simcoalesce.yaml.node import (
    MappingEntry,
    MappingNode,
    SequenceNode,
    SourcePosition,
    count,
    plain,
    written,
)
from simcoalesce.yaml.pydantic_errors import NodeLocation, validate_model, walk
from simcoalesce.yaml.schema_index import fields_of, keys_of
from simcoalesce.yaml.validation_error import InvalidScenario, ValidationError

S = TypeVar("S", bound=ScenarioSpec)

_PATH: Final = "path"
_FILE_KEYS: Final = ("variants", "extends")
_MOST_UNKNOWN: Final = 200
_MOST_CHECKED: Final = 2_000_000
"""Values in all variants together: some seconds of checking."""

_ENOUGH: Final = 1_000
"""After so many errors, further variants are not looked at."""
_NOT_IN_A_NAME: Final = re.compile(r"[^\w.-]+")
"""What a file name may hold and the name of a scenario had better not."""


def validated(
    document: Document,
    variant: str | None,
    overrides: Sequence[str],
    spec_type: type[S],
) -> tuple[S, MappingNode]:
    """Check one choice of a document.

    Returns:
        What it says, checked; and as it is written, with the parameters of its
        sections in its path.

    Raises:
        InvalidScenario: With everything that is wrong with this choice.
    """
    root = document.chosen(variant, overrides)
    with confined(document.confined_to):
        spec, whole, errors = _checked(root, document, spec_type)
    if spec is None or errors or document.errors:
        raise InvalidScenario(_shown([*document.errors, *errors], document))
    return spec, whole


def check_all(document: Document, spec_type: type[ScenarioSpec]) -> None:
    """Check a document and each of its variants.

    Raises:
        InvalidScenario: With everything that is wrong with any of them.
    """
    _refuse_overload(document)
    errors = list(document.errors)
    specs: dict[str, ScenarioSpec] = {}
    for variant in (None, *document.variants):
        if len(errors) >= _ENOUGH:
            break
        with confined(document.confined_to):
            spec, _, found = _checked(document.chosen(variant), document, spec_type)
        errors += found
        if spec is not None:
            specs[variant or ""] = spec
    if not errors:
        root = document.chosen(None)
        errors += _reported(root, spec_type, report_faults(specs[""], specs))
    if errors:
        raise InvalidScenario(_shown(errors, document))


def _shown(
    errors: Sequence[ValidationError], document: Document
) -> Sequence[ValidationError]:
    """Return errors as they may be shown: of other files, not what they hold."""
    if document.confined_to is None:
        return errors
    return [_without_content(error, document.source.name) for error in errors]


def _without_content(error: ValidationError, own: str) -> ValidationError:
    source = error.position.source
    if source.name == own or not source.lines:
        return error
    message = "what this file says is wrong, and not shown (--untrusted)"
    at = SourcePosition(replace(source, lines=()))
    return ValidationError(at, "", message)


def _refuse_overload(document: Document) -> None:
    values, variants = count(document.root), len(document.variants)
    if values * variants > _MOST_CHECKED:
        message = (
            f"{variants:,} variants of {values:,} values are too much to check; spread"
            " the variants over several files, and extend one base"
        )
        raise InvalidScenario.of(SourcePosition(document.source), message, "variants")


def _from_top(error: ValidationError) -> ValidationError:
    """Return an error with its path from the top of the file."""
    kind, _, name = error.position.source.change.partition(" ")
    if kind != "variant":
        return error
    where = f"variants.{name}.{error.where}".removesuffix(".")
    return ValidationError(error.position, where, error.message)


def _checked(
    root: MappingNode, document: Document, spec_type: type[S]
) -> tuple[S | None, MappingNode, list[ValidationError]]:
    """Return what a document says, checked; with its sections in its path; errors."""
    with extra_members(document.extra):
        _refuse_ambiguous_sections(spec_type)
        sections, errors = sections_in(root)
        errors += _unknown_keys(root, spec_type)
        for section in sections.values():
            errors += section.errors(document.folder)
        entries, wrong = _path(root, sections, document.folder)
        own = root.only(fields_of(spec_type)).without([_PATH])
        values = {"name": _name_of(document), **plain(own)}
        if not wrong and _PATH in root.entries:
            values[_PATH] = tuple(entry.layer for entry in entries)
        at = _top(root, spec_type)
        spec, found = validate_model(spec_type, values, at, document.folder)
        # A path that is there and wrong has errors of its own.
        is_silent = _PATH in root.entries
        errors += wrong
        errors += [e for one, e in found if not (is_silent and one["loc"] == (_PATH,))]
        if spec is not None and not errors:
            errors += _faults_of_parameters(spec, entries)
            errors += _reported(root, spec_type, traffic_bound_faults(spec))
            errors += _reported(root, spec_type, expectation_faults(spec))
            errors += _faults_of_changes(spec, root)
        return spec, _with_path(root, entries, spec_type), [*map(_from_top, errors)]


def _top(root: MappingNode, spec_type: type[ScenarioSpec]) -> NodeLocation:
    position = replace(root.position, line=1, column=1)
    return NodeLocation(root, position, (), (spec_type,))


def _reported(
    root: MappingNode,
    spec_type: type[ScenarioSpec],
    faults: Iterable[SelectionFault],
) -> Iterator[ValidationError]:
    for loc, message in faults:
        at = walk(_top(root, spec_type), loc)
        yield ValidationError(at.position, written(at.steps), message)


def _refuse_ambiguous_sections(spec_type: type[ScenarioSpec]) -> None:
    own = {*fields_of(spec_type), *_FILE_KEYS}
    for name, layers in layer_sections().items():
        if name in own:
            raise PluginError(
                f'{layers[0].__module__}.{layers[0].__qualname__}: its section "{name}"'
                " is a key of every scenario; give the layer another kind or section"
            )


def _path(
    root: MappingNode, sections: Mapping[str, LayerSection], folder: Path
) -> tuple[list[PathEntry], list[ValidationError]]:
    """Return the layers of the path, and what is wrong with them and their order."""
    written = root.entries.get(_PATH)
    if written is None:
        return [], []
    entries, errors = path_entries(written.value, sections, folder)
    path = written.value
    if isinstance(path, SequenceNode) and len(entries) == len(path.items):
        types = Layer.members()
        for fault in path_faults([types[entry.name] for entry in entries]):
            position = written.key if fault.at is None else entries[fault.at].position
            where = _PATH if fault.at is None else entries[fault.at].where
            errors.append(ValidationError(position, where, fault.message))
    if not errors:
        errors.extend(_silence(entries))
    return entries, errors


def _silence(entries: Sequence[PathEntry]) -> Iterator[ValidationError]:
    path = [entry.layer for entry in entries if entry.layer is not None]
    for fault in chain(tier_faults(path), silence_faults(path)):
        entry = entries[fault.at or 0]
        yield ValidationError(entry.position, entry.where, fault.message)


def _faults_of_parameters(
    spec: ScenarioSpec, entries: Sequence[PathEntry]
) -> Iterator[ValidationError]:
    faults = chain(
        location_faults(spec.path, spec.traffic),
        lifetime_faults(spec.path),
        path_bound_faults(spec),
    )
    for fault in faults:
        entry = entries[fault.at or 0]
        value = entry.parameters.get(fault.key)
        position = value.position if value else entry.position
        where = f"{entry.where}.{entry.name}.{fault.key}"
        yield ValidationError(position, where, fault.message)


def _faults_of_changes(
    spec: ScenarioSpec, root: MappingNode
) -> Iterator[ValidationError]:
    written = root.get("changes")
    for number, message in change_faults(spec.changes, spec.path):
        item = written.items[number] if isinstance(written, SequenceNode) else root
        where = f"changes[{number}].{spec.changes[number].kind}"
        yield ValidationError(item.position, where, message)


def _with_path(
    root: MappingNode, entries: Sequence[PathEntry], spec_type: type[ScenarioSpec]
) -> MappingNode:
    own = root.only(fields_of(spec_type))
    path = own.entries.get(_PATH)
    if path is None:
        return own
    whole = resolved(entries, path.value.position)
    return own.with_entry(_PATH, MappingEntry(path.key, whole))


def _name_of(document: Document) -> str:
    stem = Path(document.source.name).stem
    return _NOT_IN_A_NAME.sub("-", stem).strip("-.")[:80] or "scenario"


def _unknown_keys(
    root: MappingNode, spec_type: type[ScenarioSpec]
) -> Iterator[ValidationError]:
    own = fields_of(spec_type)
    known = [*own, *layer_sections(), *_FILE_KEYS]
    unknown = [key for key in root.entries if key not in known]
    for key in unknown[:_MOST_UNKNOWN]:
        yield ValidationError(root.entries[key].key, key, _misplaced(key, known))


def _misplaced(key: str, known: Sequence[str]) -> str:
    """Return the message for a key that does not belong at the top of a scenario."""
    parts: dict[str, tuple[type[Spec], ...]] = {
        "traffic": (Traffic,),
        **layer_sections(),
    }
    homes = [f"{name}:" for name, models in parts.items() if key in keys_of(models)]
    if homes and key != "kind":
        return f"unknown key here; it belongs under {listed(homes)}"
    return unknown_key(key, known)
