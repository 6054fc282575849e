"""The document of a page: its controls, its path, and what else one may choose."""

import shlex
from collections.abc import Iterator
from typing import Any, Final

from simcoalesce.scenario.effective_config import plain_config
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.serve.controls import groups_document
from simcoalesce.serve.path_list import addable, path_document, path_of
from simcoalesce.serve.remedy_changes import remedies_document
from simcoalesce.serve.what_if import ScenarioFile, WhatIf
from simcoalesce.yaml.node import MappingNode, Node, plain
from simcoalesce.yaml.writer import flow_text, scalar_text

_TITLES: Final = ("title", "question", "description", "expect")


def page_document(
    file: ScenarioFile, asked: WhatIf, scenario: Scenario
) -> dict[str, Any]:
    """Return all of a page but what runs say."""
    before = WhatIf(asked.variant)
    now = scenario, file.root(asked)
    then = (file.chosen(before), file.root(before)) if asked.overrides else now
    return {
        "title": file.scenario.title or file.scenario.name,
        "question": file.scenario.question,
        "file": file.path.name,
        "groups": groups_document(now, then),
        "path": path_document(path_of(file, asked)),
        "addable": addable(),
        "variants": _variants(file),
        "remedies": remedies_document(scenario),
        "yaml": plain_config(scenario),
        "options": [f"-s {shlex.quote(one)}" for one in asked.overrides],
        "command": _command(file, asked),
        "variantYaml": variant_yaml(file, asked),
    }


def _variants(file: ScenarioFile) -> list[dict[str, str]]:
    titles = {name: one.get("title") for name, one in file.document.variants.items()}
    return [
        {"name": name, "title": _text(title) or name} for name, title in titles.items()
    ]


def _text(node: Node | None) -> str:
    return "" if node is None else str(plain(node))


def _command(file: ScenarioFile, asked: WhatIf) -> str:
    named = f"{file.path}@{asked.variant}" if asked.variant else str(file.path)
    options = [part for one in asked.overrides for part in ("-s", one)]
    return shlex.join(["simcoalesce", "run", named, *options])


def variant_yaml(file: ScenarioFile, asked: WhatIf) -> str:
    """Return the change as a variant, to be put below ``variants:`` of the file.

    It has what differs from the file: tables are merged into those that are there, and
    lists replace them.
    """
    if not asked.overrides and asked.variant is None:
        return ""
    root, own = file.root(asked), file.document.root
    lines = [f"  {_name(asked)}:", *_table_lines(own, root, "    ")]
    return "".join(f"{line}\n" for line in ("variants:", *lines))


def _name(asked: WhatIf) -> str:
    return scalar_text(f"{asked.variant}-changed" if asked.variant else "what-if")


def _table_lines(old: Node | None, new: MappingNode, indent: str) -> Iterator[str]:
    """Yield the lines of what one table says otherwise than another one."""
    before = old if isinstance(old, MappingNode) else None
    for key, entry in new.entries.items():
        was = before.get(key) if before else None
        if key in _TITLES or (was is not None and plain(was) == plain(entry.value)):
            continue
        if isinstance(was, MappingNode) and isinstance(entry.value, MappingNode):
            yield f"{indent}{scalar_text(key)}:"
            yield from _table_lines(was, entry.value, f"{indent}  ")
        else:
            yield f"{indent}{scalar_text(key)}: {flow_text(plain(entry.value))}"
