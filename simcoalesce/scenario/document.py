"""Documents: what scenario files say, before it is checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from os.path import normpath
from pathlib import Path
from typing import Final

from simcoalesce.confinement import (
    check_named_file,
    confining_folder,
    content_hidden,
)
from simcoalesce.discovery import extra_members
from simcoalesce.scenario.input_file import rebased
from simcoalesce.scenario.merging import merged
from simcoalesce.scenario.override import Override
from simcoalesce.suggestion import did_you_mean, listed
from simcoalesce.yaml.node import (
    MappingNode,
    Node,
    ScalarNode,
    Source,
    SourcePosition,
    rewritten,
)
from simcoalesce.yaml.parser import parsed_yaml
from simcoalesce.yaml.source_text import decoded, file_text, is_file, source_of
from simcoalesce.yaml.validation_error import InvalidScenario, ValidationError

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
        errors: What is wrong with the text itself, e.g. keys that stand twice.
        extra: Classes of the caller's own that it may use.
        confined_to: The folder below which its files lie, if it is not trusted.
    """

    source: Source
    folder: Path
    root: MappingNode
    variants: Mapping[str, MappingNode]
    errors: tuple[ValidationError, ...] = ()
    extra: tuple[type, ...] = ()
    confined_to: Path | None = field(default_factory=confining_folder)

    @classmethod
    def read(cls, path: str | Path, extra: Sequence[type] = ()) -> "Document":
        """Read a scenario file, as `Scenario.load` is given it.

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
        """Read a scenario from its text, as `Scenario.parse` is given it.

        Raises:
            InvalidScenario: If it is no YAML.
        """
        with extra_members(extra):
            read = _document(decoded(text, name), name, Path(folder))
        return replace(read, extra=tuple(extra))

    def chosen(
        self, variant: str | None = None, overrides: Sequence[str] = ()
    ) -> MappingNode:
        """Return what the document says once it is changed.

        Args:
            variant: The name of a variant; the scenario itself if absent.
            overrides: Changes of the form KEY=VALUE, which win over all others.

        Raises:
            InvalidScenario: If there is no such variant, or an override is none.
        """
        root = self.root
        if variant is not None:
            root = merged(root, self._variant(variant))
        changes, errors = _parsed(overrides)
        if errors:
            raise InvalidScenario(errors)
        return reduce(lambda node, change: change.applied(node), changes, root)

    def _variant(self, name: str) -> MappingNode:
        if name in self.variants:
            return self.variants[name]
        meant = did_you_mean(name, self.variants) or "."
        known = listed(self.variants) or "none"
        message = f'there is no variant "{name}"{meant} There are: {known}'
        raise InvalidScenario.of(SourcePosition(self.source), message, "variants")


def _parsed(overrides: Sequence[str]) -> tuple[list[Override], list[ValidationError]]:
    changes: list[Override] = []
    errors: list[ValidationError] = []
    for text in overrides:
        try:
            changes.append(Override.parse(text))
        except InvalidScenario as error:
            errors.extend(error.errors)
    return changes, errors


def _document(
    text: str, name: str, folder: Path, *, chain: tuple[Path, ...] = ()
) -> Document:
    source = replace(source_of(text, name), rank=-len(chain))
    node, found = parsed_yaml(text, source)
    root = _mapping_of(node, source)
    document = Document(
        source, folder, root.without(["variants", "extends"]), *_variants(root, found)
    )
    written = root.get("extends")
    return document if written is None else _extended(document, written, chain)


def _mapping_of(node: Node | None, source: Source) -> MappingNode:
    if isinstance(node, MappingNode):
        return node
    if node is None or (isinstance(node, ScalarNode) and node.value is None):
        message = "it is empty; simcoalesce init writes a scenario"
        raise InvalidScenario.of(SourcePosition(source), message)
    message = "a scenario is a table: keys at the left margin, e.g. traffic: and path:"
    raise InvalidScenario.of(node.position, message)


def _variants(
    root: MappingNode, found: Sequence[ValidationError]
) -> tuple[dict[str, MappingNode], tuple[ValidationError, ...]]:
    """Return the variants of a file, each as a source of its own, and errors."""
    entry = root.entries.get("variants")
    if entry is None:
        return {}, tuple(found)
    if not isinstance(entry.value, MappingNode):
        message = "write each variant as NAME: {what it changes}"
        return {}, (*found, ValidationError(entry.key, "variants", message))
    variants: dict[str, MappingNode] = {}
    errors = list(found)
    for name, (key, node) in entry.value.entries.items():
        where = f"variants.{name}"
        is_empty = isinstance(node, ScalarNode) and node.value is None
        if not isinstance(node, MappingNode) and not is_empty:
            message = "write what the variant changes, e.g. {kv: {write_latency: 0ms}}"
            errors.append(ValidationError(key, where, message))
        changes = node if isinstance(node, MappingNode) else MappingNode({}, key)
        for fixed, (at, _) in changes.only(_FIXED_KEYS).entries.items():
            message = "a variant cannot change this"
            errors.append(ValidationError(at, f"{where}.{fixed}", message))
        variants[name] = _as_variant(name, changes.without(_FIXED_KEYS))
    return variants, tuple(errors)


def _as_variant(name: str, changes: MappingNode) -> MappingNode:
    source = changes.position.source
    rank = _VARIANT_RANK + source.rank
    variant = replace(source, rank=rank, change=f"variant {name}")
    return rewritten(changes, lambda position: replace(position, source=variant))


def _extended(document: Document, written: Node, chain: tuple[Path, ...]) -> Document:
    """Return a document merged over the one that it extends."""
    base = _base(document, written, chain)
    variants = dict(base.variants)
    for name, own in document.variants.items():
        variants[name] = merged(variants[name], own) if name in variants else own
    return replace(
        document,
        # A name is a file's own.
        root=merged(base.root.without(["name"]), document.root),
        variants=variants,
        errors=(*document.errors, *base.errors),
    )


def _base(document: Document, written: Node, chain: tuple[Path, ...]) -> Document:
    name = written.value if isinstance(written, ScalarNode) else None
    if not isinstance(name, str) or not name:
        raise _cannot_extend(written, "write the name of a file, e.g. ./base.yaml")
    path = Path(document.folder, name)
    try:
        check_named_file(name, path)
    except ValueError as error:
        raise _cannot_extend(written, str(error)) from None
    if not is_file(path):
        raise _cannot_extend(written, f'there is no file "{name}" (looked for {path})')
    files = (*chain, path.resolve())
    if files[-1] in chain:
        cycle = " -> ".join(file.name for file in files[chain.index(files[-1]) :])
        raise _cannot_extend(written, f"the files extend each other: {cycle}")
    if len(files) > _LONGEST_CHAIN:
        message = f"more than {_LONGEST_CHAIN} files extend each other"
        raise _cannot_extend(written, message)
    shown = normpath(Path(document.source.name).parent / name)
    with content_hidden(name):
        base = _document(file_text(path, shown), shown, path.parent, chain=files)
    return replace(
        base,
        root=rebased(base.root, base.folder, document.folder),
        variants={
            variant: rebased(changes, base.folder, document.folder)
            for variant, changes in base.variants.items()
        },
    )


def _cannot_extend(written: Node, message: str) -> InvalidScenario:
    return InvalidScenario.of(written.position, message, "extends")
