"""Reading: from what a document says to a checked scenario, or to every complaint."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

import pydantic

from simcoalesce.discovery import extra_members
from simcoalesce.scenario.document import Document
from simcoalesce.scenario.error_messages import unknown_key
from simcoalesce.scenario.layer_section import (
    LayerSection,
    layer_sections,
    layer_types,
    said_in,
)
from simcoalesce.scenario.location_check import location_errors
from simcoalesce.scenario.path_entry import PathEntry, path_entries, resolved
from simcoalesce.scenario.path_rule import path_faults
from simcoalesce.scenario.pydantic_errors import ErrorSite, pydantic_errors
from simcoalesce.scenario.scenario_spec import ScenarioSpec
from simcoalesce.scenario.schema_index import fields_of, keys_of
from simcoalesce.scenario.suggestion import listed
from simcoalesce.scenario.validation_error import InvalidScenario, ValidationError
from simcoalesce.scenario.yaml_node import (
    Row,
    Scalar,
    SourcePosition,
    Table,
    TableEntry,
    count,
    plain,
)
from simcoalesce.spec import Spec
from simcoalesce.traffic.traffic import Traffic

P = TypeVar("P", bound=ScenarioSpec)

_PATH: Final = "path"
_FILE_KEYS: Final = ("variants", "extends")
_MOST_UNKNOWN: Final = 200
_MOST_CHECKED: Final = 2_000_000
"""Values in all variants together: some seconds of checking."""

_ENOUGH: Final = 1_000
"""After so many complaints, further variants are not looked at."""
_NOT_IN_A_NAME: Final = re.compile(r"[^\w.-]+")
"""What a file name may hold and the name of a scenario had better not."""


@dataclass(frozen=True)
class Validated(Generic[P]):
    """What came of reading one choice of a document.

    Attributes:
        root: What it says, with the parameters of its sections in its path.
        plan: The plan; None if there are complaints.
        complaints: Everything that is wrong.
    """

    root: Table
    plan: P | None = None
    complaints: tuple[ValidationError, ...] = field(default=())


def validated(
    document: Document,
    variant: str | None,
    overrides: Sequence[str],
    plan_type: type[P],
) -> tuple[P, Table]:
    """Check one choice of a document.

    Returns:
        What it says, checked; and as it is written, with the parameters of its
        sections in its path.

    Raises:
        InvalidScenario: With everything that is wrong with this choice.
    """
    root = document.chosen(variant, overrides)
    with extra_members(document.extra):
        reading = _reading(root, document, plan_type)
    complaints = [*document.complaints, *_placed(reading.complaints)]
    if complaints or reading.plan is None:
        raise InvalidScenario(complaints)
    return reading.plan, reading.root


def check_all(document: Document, plan_type: type[ScenarioSpec]) -> None:
    """Check a document and each of its variants.

    Raises:
        InvalidScenario: With everything that is wrong with any of them.
    """
    _refuse_overload(document)
    complaints = list(document.complaints)
    for variant in (None, *document.variants):
        if len(complaints) >= _ENOUGH:
            break
        root = document.chosen(variant)
        with extra_members(document.extra):
            complaints += _placed(_reading(root, document, plan_type).complaints)
    if complaints:
        raise InvalidScenario(complaints)


def _refuse_overload(document: Document) -> None:
    values, variants = count(document.root), len(document.variants)
    if values * variants > _MOST_CHECKED:
        message = (
            f"{variants:,} variants of {values:,} values are too much to check; spread"
            " the variants over several files, and extend one base"
        )
        raise InvalidScenario(
            [ValidationError(SourcePosition(document.source), "variants", message)]
        )


def _placed(complaints: Sequence[ValidationError]) -> Iterator[ValidationError]:
    """Yield complaints with their way from the top of the file."""
    for complaint in complaints:
        kind, _, name = complaint.place.source.change.partition(" ")
        if kind == "variant":
            where = f"variants.{name}.{complaint.where}".removesuffix(".")
            yield ValidationError(complaint.place, where, complaint.message)
        else:
            yield complaint


def _reading(root: Table, document: Document, plan_type: type[P]) -> Validated[P]:
    folder = document.folder
    said, complaints = said_in(root)
    complaints += _unknown_keys(root, plan_type)
    for section in said.values():
        complaints += section.complaints(folder)
    entries, found = _path(root, said, folder)
    complaints += found
    values = {"name": _name_of(document), **_own_values(root, plan_type)}
    if not found and _PATH in root.entries:
        values[_PATH] = tuple(entry.layer for entry in entries)
    plan, found = _validated(values, root, plan_type, folder)
    complaints += found
    if plan is not None and not complaints:
        complaints += _whereabouts(plan, entries)
    whole = _with_path(root, entries, plan_type)
    return Validated(whole, None if complaints else plan, tuple(complaints))


def _path(
    root: Table, said: dict[str, LayerSection], folder: Path
) -> tuple[list[PathEntry], list[ValidationError]]:
    """Return the layers of the path, and what is wrong with them and their order."""
    written = root.entries.get(_PATH)
    if written is None:
        return [], []
    entries, complaints = path_entries(written.value, said, folder)
    if isinstance(written.value, Row) and len(entries) == len(written.value.items):
        types = layer_types()
        for fault in path_faults([types[entry.name] for entry in entries]):
            place = written.key if fault.at is None else entries[fault.at].place
            where = _PATH if fault.at is None else entries[fault.at].where
            complaints.append(ValidationError(place, where, fault.message))
    return entries, complaints


def _validated(
    values: dict[str, Any], root: Table, plan_type: type[P], folder: Path
) -> tuple[P | None, list[ValidationError]]:
    try:
        return plan_type.model_validate(values, context={"folder": folder}), []
    except pydantic.ValidationError as error:
        part = ErrorSite(root, _top(root), (), (plan_type,))
        # A path that is there and wrong has complaints of its own.
        is_silent = _PATH in root.entries
        return None, [
            complaint
            for one, complaint in pydantic_errors(error, part)
            if not (is_silent and one["loc"] == (_PATH,))
        ]


def _top(root: Table) -> SourcePosition:
    return SourcePosition(root.place.source, 1, 1)


def _whereabouts(
    plan: ScenarioSpec, entries: Sequence[PathEntry]
) -> Iterator[ValidationError]:
    for fault in location_errors(plan.path, plan.traffic):
        entry = entries[fault.at]
        said = entry.said.get(fault.key) or Scalar(None, entry.place)
        where = f"{entry.where}.{entry.name}.{fault.key}"
        yield ValidationError(said.place, where, fault.message)


def _with_path(
    root: Table, entries: Sequence[PathEntry], plan_type: type[ScenarioSpec]
) -> Table:
    own = root.only(fields_of(plan_type))
    path = own.entries.get(_PATH)
    if path is None:
        return own
    return own.with_entry(
        _PATH, TableEntry(path.key, resolved(entries, path.value.place))
    )


def _name_of(document: Document) -> str:
    stem = Path(document.source.name).stem
    return _NOT_IN_A_NAME.sub("-", stem).strip("-.")[:80] or "scenario"


def _own_values(root: Table, plan_type: type[ScenarioSpec]) -> dict[str, Any]:
    own = set(fields_of(plan_type)) - {_PATH}
    return {key: plain(entry.value) for key, entry in root.only(own).entries.items()}


def _unknown_keys(
    root: Table, plan_type: type[ScenarioSpec]
) -> Iterator[ValidationError]:
    own = fields_of(plan_type)
    known = [*own, *layer_sections(), *_FILE_KEYS]
    unknown = [key for key in root.entries if key not in known]
    for key in unknown[:_MOST_UNKNOWN]:
        yield ValidationError(root.entries[key].key, key, _astray(key, known))


def _astray(key: str, known: Sequence[str]) -> str:
    """Return the message for a key that does not belong at the top of a scenario."""
    parts: dict[str, tuple[type[Spec], ...]] = {
        "traffic": (Traffic,),
        **layer_sections(),
    }
    homes = [f"{name}:" for name, models in parts.items() if key in keys_of(models)]
    if homes and key != "kind":
        return f"unknown key here; it belongs under {listed(homes)}"
    return unknown_key(key, known)
