"""Scenarios: specs that know their file, variants and overrides."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Self

from pydantic import ConfigDict, PrivateAttr
from typing_extensions import override

from simcoalesce.conditions.selection import is_selected
from simcoalesce.cost.mean_bill import BillTerms
from simcoalesce.cost.price_list import PriceList
from simcoalesce.cost.unit_price import with_prices
from simcoalesce.scenario.bounds_rule import may_pass_horizon
from simcoalesce.scenario.document import Document
from simcoalesce.scenario.foreign import code_digest, foreign_types, refuse_local
from simcoalesce.scenario.input_file import digest, input_files, is_own_price_list
from simcoalesce.scenario.named_variant import split_variant
from simcoalesce.scenario.path_rule import path_warnings
from simcoalesce.scenario.scenario_spec import ScenarioSpec
from simcoalesce.scenario.selection_rule import check_selected
from simcoalesce.scenario.uncertainty import drawing_notes
from simcoalesce.scenario.validation import check_all, validated
from simcoalesce.yaml.node import MappingNode, SequenceNode

_TITLES: Final = {
    "name",
    "title",
    "question",
    "description",
    "engine",
    "observations",
    "shipped",
    "claims",
    "sweep",
}
"""What changes no number: left out of the digest."""
_TERMS_OF_BILLS: Final = {"price_list", "prices", "month"}


@dataclass(frozen=True)
class Provenance:
    """Where a scenario comes from; no part of what it says."""

    document: Document | None = field(default=None, compare=False)
    variant: str | None = field(default=None, compare=False)
    overrides: tuple[str, ...] = field(default=(), compare=False)
    root: MappingNode | None = field(default=None, compare=False)
    asked: tuple[str, ...] = field(default=(), compare=False)


class Scenario(ScenarioSpec):
    """Traffic, the path that it takes, and what is expected of it; ready to run."""

    model_config = ConfigDict(defer_build=False)

    _origin: Provenance = PrivateAttr(default_factory=Provenance)

    @classmethod
    def load(
        cls,
        path: str | Path,
        variant: str | None = None,
        overrides: Sequence[str] = (),
        *,
        extra: Sequence[type] = (),
    ) -> Self:
        """Read a scenario file and check it, all of its variants included.

        Args:
            path: The file; ``FILE@variant`` chooses a variant.
            variant: The name of a variant, if the path does not say it.
            overrides: Changes of the form ``kv.write_latency=20ms``, which win over
                the variant, as it does over the file and this over what it extends.
            extra: Classes of your own that it may use, e.g. a layer of a notebook.

        Raises:
            InvalidScenario: With everything that is wrong with it, with its position.
        """
        file, named = split_variant(path)
        document = Document.read(file, extra)
        check_all(document, cls)
        return cls._chosen(document, variant or named, overrides)

    @classmethod
    def parse(
        cls,
        text: str | bytes,
        *,
        name: str = "scenario.yaml",
        folder: str | Path = ".",
        variant: str | None = None,
        overrides: Sequence[str] = (),
        extra: Sequence[type] = (),
    ) -> Self:
        """Read a scenario from its text, as `load` does from a file.

        Args:
            text: YAML 1.2, so JSON too.
            name: What errors call it.
            folder: Where the files that it names are looked for.
            variant: The name of a variant.
            overrides: Changes of the form KEY=VALUE.
            extra: Classes of your own that it may use.

        Raises:
            InvalidScenario: With everything that is wrong with it, with its position.
        """
        document = Document.parse(text, name=name, folder=Path(folder), extra=extra)
        check_all(document, cls)
        return cls._chosen(document, variant, overrides)

    @classmethod
    def _chosen(
        cls, document: Document, variant: str | None, overrides: Sequence[str]
    ) -> Self:
        scenario, root = validated(document, variant, overrides, cls)
        origin = Provenance(document, variant, tuple(overrides), root)
        scenario._origin = origin  # noqa: SLF001 - one of its own class
        return scenario

    def with_overrides(self, *overrides: str) -> Self:
        """Return the scenario with further changes; far cheaper than loading it again.

        Raises:
            InvalidScenario: If a change makes it wrong.
        """
        origin = self._origin
        changes = (*origin.overrides, *overrides)
        changed = self._chosen(self._document(), origin.variant, changes)
        return changed.with_metrics(*origin.asked)

    def with_variant(self, variant: str | None) -> Self:
        """Return another variant of the same file, under the same overrides.

        Raises:
            InvalidScenario: If there is no such variant.
        """
        return self._chosen(self._document(), variant, self._origin.overrides)

    def with_metrics(self, *names: str) -> Self:
        """Return the same scenario, asked for more metrics of parts of the requests.

        Another variant is not asked for them.

        Args:
            names: E.g. ``errors[location=icn]``; those of all requests do nothing.

        Raises:
            ValueError: If it has no such key, location or time.
        """
        if not names:
            return self
        check_selected(names, self)
        asked = (*self._origin.asked, *filter(is_selected, names))
        twin = self.model_copy()
        twin._origin = replace(self._origin, asked=tuple(dict.fromkeys(asked)))  # noqa: SLF001 - one of its own class
        return twin

    @property
    @override
    def selected_metrics(self) -> tuple[str, ...]:
        """The metrics of parts of the requests that are to be counted."""
        return tuple(dict.fromkeys((*super().selected_metrics, *self._origin.asked)))

    def _document(self) -> Document:
        if self._origin.document is not None:
            return self._origin.document
        text = json.dumps(self.document())
        return Document.parse(text, name=self.name, extra=self.extra)

    @property
    def variants(self) -> tuple[str, ...]:
        """The names of the variants that the file offers."""
        document = self._origin.document
        return tuple(document.variants) if document else ()

    @property
    def variant(self) -> str | None:
        """The name of the variant that this is; None if it is the scenario itself."""
        return self._origin.variant

    @property
    def overrides(self) -> tuple[str, ...]:
        """The changes that were made to it, as KEY=VALUE."""
        return self._origin.overrides

    @property
    def label(self) -> str:
        """Its name, and its variant if it is one: ``flash-sale-9pm@per-key``."""
        return f"{self.name}@{self.variant}" if self.variant else self.name

    @property
    def folder(self) -> Path:
        """Where the files that it names are looked for."""
        return self._origin.document.folder if self._origin.document else Path()

    @property
    def confined_to(self) -> Path | None:
        """The folder below which its files lie; None if it is trusted."""
        return self._origin.document.confined_to if self._origin.document else None

    @property
    def extra(self) -> tuple[type, ...]:
        """The classes of the caller's own that it was read with, or is made of."""
        if self._origin.document is not None:
            return self._origin.document.extra
        return foreign_types(self)

    @property
    def source(self) -> str:
        """The file, as the user named it; empty if there is none."""
        return self._origin.document.source.name if self._origin.document else ""

    @property
    def root(self) -> MappingNode | None:
        """What was written, with positions; None if the scenario was made in Python."""
        return self._origin.root

    @property
    def expectation_lines(self) -> tuple[tuple[str, int], ...]:
        """File and line of each expectation; empty if the scenario has no file."""
        written = self.root.get("expect") if self.root else None
        items = written.items if isinstance(written, SequenceNode) else ()
        return tuple((item.position.source.name, item.position.line) for item in items)

    @property
    def runs_per_month(self) -> float | None:
        """How often it happens in a month; None if it is not given."""
        return self.month.runs(self.duration_ns) if self.month else None

    def load_bill_terms(self) -> BillTerms:
        """Return the prices, its own ones too, and what the month is made of.

        Raises:
            ValueError: If a price list of the user's cannot be read any more.
        """
        listed = PriceList.load(self.price_list, folder=self.folder)
        prices = with_prices(listed, self.prices or {})
        base = self.month.base if self.month else None
        return BillTerms(prices, self.runs_per_month, base)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is allowed, and yet seldom meant."""
        drawing = drawing_notes(self.uncertain) if self.draw_uncertain else ()
        return (*path_warnings(self.path), *drawing)

    @cached_property
    def cache_key(self) -> str:
        """A key of all that decides a number, files by their names; no contract.

        Far cheaper than its digest, and as good within one folder.
        """
        return self.run_key + self.model_dump_json(include=_TERMS_OF_BILLS)

    @cached_property
    def run_key(self) -> str:
        """The same of all that decides a run, whatever its bill; no contract."""
        return self.model_dump_json(exclude=_TITLES | _TERMS_OF_BILLS)

    @cached_property
    def may_pass_horizon(self) -> bool:
        """Whether times of a run could pass what the compiled engine can tell."""
        return may_pass_horizon(self)

    @cached_property
    def sha256(self) -> str:
        """Digest of all that decides a number: two equal ones give the same results.

        It covers all but its titles, what is in its files, and members from outside.

        Raises:
            ValueError: If one of these files cannot be read any more.
        """
        decisive = {k: v for k, v in self.document().items() if k not in _TITLES}
        content = {"scenario": decisive, "files": dict(self._digests())}
        text = json.dumps(content, sort_keys=True, separators=(",", ":"))
        return sha256(text.encode()).hexdigest()

    @override
    def __getstate__(self) -> dict[Any, Any]:
        refuse_local(self.extra)
        return super().__getstate__()

    def _digests(self) -> Iterator[tuple[str, str]]:
        for one in dict.fromkeys((*foreign_types(self), *self.extra)):
            yield f"{one.__module__}.{one.__qualname__}", code_digest(one)
        for file in input_files(self):
            yield file.written, digest(file.path)
        if is_own_price_list(self.price_list):
            yield self.price_list, digest(self.folder / self.price_list)
