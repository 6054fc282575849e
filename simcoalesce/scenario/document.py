"""Documents: what scenario files say, before it is checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from os.path import normpath
from pathlib import Path
from typing import Final

from simcoalesce.discovery import extra_members
from simcoalesce.scenario.input_file import rebased
from simcoalesce.scenario.merging import merged
from simcoalesce.scenario.override import Override
from simcoalesce.scenario.source_text import decoded, file_text, is_file, source_of
from simcoalesce.scenario.suggestion import did_you_mean, listed
from simcoalesce.scenario.validation_error import InvalidScenario, ValidationError
from simcoalesce.scenario.yaml_node import (
    Scalar,
    Source,
    SourcePosition,
    Table,
    moved_table,
)
from simcoalesce.scenario.yaml_parser import parsed_yaml

_VARIANT_RANK: Final = 100
_LONGEST_CHAIN: Final = 20
_FIXED_KEYS: Final = ("version", "name", "variants", "extends")


@dataclass(frozen=True)
class Document:
    """A scenario file and what it extends, merged; its variants apart.

    Attributes:
        source: The file.
        folder: Where the files that it names are looked for.
        root: What it says, without its variants.
        variants: The changes that each variant makes.
        complaints: What is wrong with the text itself, e.g. keys that stand twice.
        extra: Classes of the caller's own that it may use.
    """

    source: Source
    folder: Path
    root: Table
    variants: Mapping[str, Table]
    complaints: tuple[ValidationError, ...] = ()
    extra: tuple[type, ...] = ()

    @classmethod
    def read(cls, path: str | Path, extra: Sequence[type] = ()) -> "Document":
        """Read a scenario file.

        Args:
            path: The file.
            extra: Classes of the caller's own that it may use, e.g. layers.

        Raises:
            InvalidScenario: If it cannot be read, or is no YAML.
        """
        file = Path(path)
        text = file_text(file, str(path))
        with extra_members(extra):
            read = _document(text, str(path), file.parent, chain=(file.resolve(),))
        return replace(read, extra=tuple(extra))

    @classmethod
    def parse(
        cls,
        text: str | bytes,
        *,
        name: str = "scenario.yaml",
        folder: Path = Path(),
        extra: Sequence[type] = (),
    ) -> "Document":
        """Read a scenario from its text.

        Args:
            text: YAML 1.2, so JSON too.
            name: What complaints call it.
            folder: Where the files that it names are looked for.
            extra: Classes of the caller's own that it may use, e.g. layers.

        Raises:
            InvalidScenario: If it is no YAML.
        """
        with extra_members(extra):
            read = _document(decoded(text, name), name, Path(folder))
        return replace(read, extra=tuple(extra))

    def chosen(
        self, variant: str | None = None, overrides: Sequence[str] = ()
    ) -> Table:
        """Return what the document says once it is changed.

        Args:
            variant: The name of a variant; the scenario itself if absent.
            overrides: Changes of the form KEY=VALUE, which win over all others.

        Raises:
            InvalidScenario: If there is no such variant, or an override is none.
        """
        root = (
            self.root if variant is None else merged(self.root, self._variant(variant))
        )
        changes, complaints = _parsed(overrides)
        if complaints:
            raise InvalidScenario(complaints)
        return reduce(lambda table, change: change.applied(table), changes, root)

    def _variant(self, name: str) -> Table:
        if name in self.variants:
            return self.variants[name]
        meant = did_you_mean(name, self.variants) or "."
        known = listed(self.variants) or "none"
        message = f'there is no variant "{name}"{meant} There are: {known}'
        raise InvalidScenario(
            [ValidationError(SourcePosition(self.source), "variants", message)]
        )


def _parsed(overrides: Sequence[str]) -> tuple[list[Override], list[ValidationError]]:
    changes: list[Override] = []
    complaints: list[ValidationError] = []
    for text in overrides:
        try:
            changes.append(Override.parse(text))
        except InvalidScenario as error:
            complaints.extend(error.complaints)
    return changes, complaints


def _document(
    text: str, name: str, folder: Path, *, chain: tuple[Path, ...] = ()
) -> Document:
    source = replace(source_of(text, name), rank=-len(chain))
    node, found = parsed_yaml(text, source)
    root = _table_of(node, source)
    document = Document(
        source, folder, root.without(["variants", "extends"]), *_variants(root, found)
    )
    written = root.get("extends")
    if written is None:
        return document
    return _extended(document, root.entries["extends"].value, chain)


def _table_of(node: object, source: Source) -> Table:
    if isinstance(node, Table):
        return node
    if node is None or (isinstance(node, Scalar) and node.value is None):
        place, message = (
            SourcePosition(source),
            "it is empty; simcoalesce init writes a scenario",
        )
    else:
        place = getattr(node, "place", SourcePosition(source))
        message = (
            "a scenario is a table: keys at the left margin, e.g. traffic: and path:"
        )
    raise InvalidScenario([ValidationError(place, "", message)])


def _variants(
    root: Table, found: Sequence[ValidationError]
) -> tuple[dict[str, Table], tuple[ValidationError, ...]]:
    """Return the variants of a file, each as a source of its own, and complaints."""
    entry = root.entries.get("variants")
    if entry is None:
        return {}, tuple(found)
    if not isinstance(entry.value, Table):
        message = "write each variant as NAME: {what it changes}"
        return {}, (*found, ValidationError(entry.key, "variants", message))
    variants: dict[str, Table] = {}
    complaints = list(found)
    for name, (key, node) in entry.value.entries.items():
        where = f"variants.{name}"
        is_empty = isinstance(node, Scalar) and node.value is None
        if not isinstance(node, Table) and not is_empty:
            message = "write what the variant changes, e.g. {kv: {write_latency: 0ms}}"
            complaints.append(ValidationError(key, where, message))
        table = node if isinstance(node, Table) else Table({}, key)
        complaints += [
            ValidationError(
                table.entries[fixed].key, f"{where}.{fixed}", _NOT_IN_A_VARIANT
            )
            for fixed in _FIXED_KEYS
            if fixed in table.entries
        ]
        variants[name] = _as_change(name, table.without(_FIXED_KEYS))
    return variants, tuple(complaints)


_NOT_IN_A_VARIANT: Final = "a variant cannot change this"


def _as_change(name: str, table: Table) -> Table:
    source = table.place.source
    rank = _VARIANT_RANK + source.rank
    return moved_table(table, replace(source, rank=rank, change=f"variant {name}"))


def _extended(document: Document, written: object, chain: tuple[Path, ...]) -> Document:
    """Return a document merged over the one that it extends."""
    place = getattr(written, "place", SourcePosition(document.source))
    base = _base(document, written, place, chain)
    variants = dict(base.variants)
    for name, table in document.variants.items():
        variants[name] = merged(variants[name], table) if name in variants else table
    return replace(
        document,
        # A name is a file's own.
        root=merged(base.root.without(["name"]), document.root),
        variants=variants,
        complaints=(*document.complaints, *base.complaints),
    )


def _base(
    document: Document, written: object, place: SourcePosition, chain: tuple[Path, ...]
) -> Document:
    name = written.value if isinstance(written, Scalar) else None
    if not isinstance(name, str) or not name:
        raise _cannot_extend(place, "write the name of a file, e.g. ./base.yaml")
    path = Path(document.folder, name)
    if not is_file(path):
        raise _cannot_extend(place, f'there is no file "{name}" (looked for {path})')
    files = (*chain, path.resolve())
    if files[-1] in chain:
        ring = " -> ".join(file.name for file in files[chain.index(files[-1]) :])
        raise _cannot_extend(place, f"the files extend each other: {ring}")
    if len(files) > _LONGEST_CHAIN:
        raise _cannot_extend(
            place, f"more than {_LONGEST_CHAIN} files extend each other"
        )
    shown = normpath(Path(document.source.name).parent / name)
    base = _document(file_text(path, shown), shown, path.parent, chain=files)
    return replace(
        base,
        root=rebased(base.root, base.folder, document.folder),
        variants={
            variant: rebased(table, base.folder, document.folder)
            for variant, table in base.variants.items()
        },
    )


def _cannot_extend(place: SourcePosition, message: str) -> InvalidScenario:
    return InvalidScenario([ValidationError(place, "extends", message)])
