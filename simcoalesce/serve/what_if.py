"""What if: a scenario file, and the changes that a page makes to it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final, Self

from simcoalesce.confinement import confined
from simcoalesce.experiment.size import check_size, expected_requests
from simcoalesce.model.layer import Layer
from simcoalesce.scenario.document import Document
from simcoalesce.scenario.input_file import is_own_price_list
from simcoalesce.scenario.layer_section import layer_sections
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.suggestion import listed
from simcoalesce.traffic.traffic import Traffic
from simcoalesce.yaml.node import MappingNode, Node, SequenceNode
from simcoalesce.yaml.schema_index import file_keys, models_in

MOST_REQUESTS: Final = 1_000_000
"""Of a run: rows of more do not fit beside those of other pages."""

_MOST_CHANGES: Final = 100
_LONGEST_CHANGE: Final = 10_000
_PRICE_LIST: Final = "price_list"
_CHANGED: Final = (
    *("duration", "seed", "traffic", "path", "changes", "measure"),
    *("worker", "month", "prices", _PRICE_LIST),
)
"""The keys that a page may change, beside the sections of layers."""


class Refused(ValueError):  # noqa: N818 - the name says what is wrong
    """A change that a page may not make."""


@dataclass(frozen=True)
class WhatIf:
    """The state of a page: a variant, and changes as ``-s`` takes them.

    Attributes:
        variant: The name of a variant of the file; None for the scenario itself.
        overrides: Changes of the form KEY=VALUE, in their order.
    """

    variant: str | None = None
    overrides: tuple[str, ...] = ()

    @classmethod
    def of(cls, written: Any) -> Self:
        """Return the state that a page sends.

        Raises:
            Refused: If it is none, or too large.
        """
        state: Mapping[str, Any] = written if isinstance(written, Mapping) else {}
        variant, overrides = state.get("variant"), state.get("set", [])
        are_texts = isinstance(overrides, list) and all(
            isinstance(one, str) and len(one) <= _LONGEST_CHANGE for one in overrides
        )
        if not (variant is None or isinstance(variant, str)) or not are_texts:
            raise Refused(
                'a state is {"variant": NAME or null, "set": ["KEY=VALUE", ...]}'
            )
        if len(overrides) > _MOST_CHANGES:
            raise Refused(f"a page makes at most {_MOST_CHANGES} changes")
        return cls(variant or None, tuple(overrides))

    def document(self) -> dict[str, Any]:
        """Return it as plain values, as a page sends it."""
        return {"variant": self.variant, "set": list(self.overrides)}


@dataclass(frozen=True)
class ScenarioFile:
    """The file that a page is about; what it names lies below its folder, always.

    Attributes:
        path: Where it is.
        document: What it says.
        scenario: The scenario itself, without a variant.
    """

    path: Path
    document: Document = field(repr=False)
    scenario: Scenario = field(repr=False)

    @classmethod
    def read(cls, path: str | Path) -> Self:
        """Read a file, as one that is not trusted (docs/trust.md).

        Raises:
            InvalidScenario: With everything that is wrong with it.
        """
        file = Path(path)
        with confined(file.parent):
            return cls(file, Document.read(file), Scenario.load(file))

    def root(self, asked: WhatIf) -> MappingNode:
        """Return what is written, with a variant and changes.

        Raises:
            Refused: If a change is of what a page may not change.
            InvalidScenario: If there is no such variant, or a change is none.
        """
        for change in asked.overrides:
            _check_key(change)
        root = self.document.chosen(asked.variant, asked.overrides)
        self._check_files(root)
        return root

    def chosen(self, asked: WhatIf) -> Scenario:
        """Return the scenario with a variant and changes.

        Raises:
            Refused: If a page may not ask for it, or a run is too large for a page.
            InvalidScenario: With everything that is wrong with it.
        """
        self.root(asked)
        scenario = self.scenario.with_variant(asked.variant)
        if asked.overrides:
            scenario = scenario.with_overrides(*asked.overrides)
        check_size(scenario, all_rows=True)
        if (requests := expected_requests(scenario)) > MOST_REQUESTS:
            raise Refused(
                f"about {requests:,.0f} requests would come, and a page simulates at"
                f" most {MOST_REQUESTS:,} a run: lower the rates or the duration, or"
                " use simcoalesce run"
            )
        return scenario

    def _check_files(self, root: MappingNode) -> None:
        """Let a page name no file that its scenario does not name."""
        said = self.document
        known = {
            name for one in (said.root, *said.variants.values()) for name in _files(one)
        }
        if new := sorted({*_files(root)} - known):
            raise Refused(
                f"{listed(new)}: a page names no file that its scenario does not name"
            )


def _check_key(change: str) -> None:
    key = change.partition("=")[0].strip()
    top = key.partition(".")[0].partition("[")[0]
    if top not in _CHANGED and top not in layer_sections():
        raise Refused(f"{key} cannot be changed on a page; change the file")


@cache
def _keys_of_files() -> frozenset[str]:
    return file_keys((Traffic, *models_in(Layer)))


def _files(root: MappingNode) -> Iterator[str]:
    keys = _keys_of_files()
    for key, value in _texts(root, ""):
        if key in keys or (key == _PRICE_LIST and is_own_price_list(value)):
            yield value


def _texts(node: Node, key: str) -> Iterator[tuple[str, str]]:
    """Yield every text, with the key that it stands under."""
    if isinstance(node, MappingNode):
        for name, entry in node.entries.items():
            yield from _texts(entry.value, name)
    elif isinstance(node, SequenceNode):
        for item in node.items:
            yield from _texts(item, key)
    elif isinstance(node.value, str):
        yield key, node.value
