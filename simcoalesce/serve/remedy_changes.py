"""Remedies as changes of a page: what each of them sets, as ``-s`` takes it."""

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any, Final

from simcoalesce.explain.counterfactuals.remedy import remedies
from simcoalesce.explain.scenario_edit import ScenarioEdit
from simcoalesce.scenario.layer_section import layer_section_of
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.serve.path_list import Entry, name_of, path_of, without_path
from simcoalesce.serve.what_if import Refused, ScenarioFile, WhatIf
from simcoalesce.yaml.writer import flow_text

_NOT_MODELLED: Final = ("expect", "observations", "claims", "shipped", "name", "sweep")
"""What a remedy drops or keeps: it is no part of what it changes."""

Layers = list[dict[str, dict[str, Any]]]
"""A path with all its parameters."""


def remedies_document(scenario: Scenario) -> list[dict[str, str]]:
    """Return the remedies that a scenario has something to change for."""
    edit = ScenarioEdit(scenario)
    return [
        {
            "kind": kind,
            "label": remedy.label,
            "effort": remedy.effort,
            "about": _first_line(type(remedy).__doc__),
            "warning": remedy.warning,
        }
        for kind, remedy in remedies().items()
        if remedy.applies_to(edit)
    ]


def _first_line(text: str | None) -> str:
    return (text or "").strip().partition("\n")[0]


def remedied_state(file: ScenarioFile, asked: WhatIf, kind: str) -> tuple[WhatIf, str]:
    """Return the state with a remedy, and all that it changed, in a few words.

    Raises:
        ValueError: If there is no such remedy, or nothing to change.
    """
    remedy = remedies().get(kind)
    if remedy is None:
        raise Refused(f'there is no remedy "{kind[:40]}"')
    scenario = file.chosen(asked)
    edit = ScenarioEdit(scenario)
    told = remedy.apply(edit)
    wanted = _modelled(edit.scenario().document())
    for candidate in _candidates(file, asked, scenario.document(), edit.document):
        try:
            found = file.chosen(candidate).document()
        except ValueError:
            continue
        if _modelled(found) == wanted:
            return candidate, f"{remedy.label}: {told}"
    raise Refused(f"{remedy.label} cannot be written as -s options")


def _modelled(document: Mapping[str, Any]) -> dict[str, Any]:
    return {key: one for key, one in document.items() if key not in _NOT_MODELLED}


def _candidates(
    file: ScenarioFile, asked: WhatIf, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[WhatIf]:
    """Yield states that may be what an edit says, the shortest first."""
    keys = [key for key in new if key not in ("path", *_NOT_MODELLED)]
    others = [
        change
        for key in keys
        if new[key] != old.get(key)
        for change in _changed(key, old.get(key), new[key])
    ]
    path, kept = path_of(file, asked), list(asked.overrides)
    if new["path"] == old["path"]:
        yield _state(asked, kept, others)
        return
    aligned = _aligned(old["path"], new["path"], path)
    written = [entry for entry, _ in aligned]
    at_path = [] if written == path else [f"path={flow_text(written)}"]
    kept = without_path(asked) if at_path else kept
    for in_section in (True, False):
        sets = dict.fromkeys(_parameters(aligned, in_section=in_section))
        yield _state(asked, [*at_path, *kept], [*sets, *others])
    whole = f"path={flow_text(new['path'])}"
    yield _state(asked, [whole, *without_path(asked)], others)


def _state(asked: WhatIf, kept: list[str], more: list[str]) -> WhatIf:
    """Return changes with others, which replace those of the same keys."""
    replaced = {one.partition("=")[0] for one in more}
    rest = [one for one in kept if one.partition("=")[0] not in replaced]
    return WhatIf(asked.variant, (*rest, *more))


def _changed(key: str, old: Any, new: Any) -> Iterator[str]:
    """Yield the changes that make one value another, each as small as it can be."""
    if isinstance(old, dict) and isinstance(new, dict) and old.keys() <= new.keys():
        for name, part in new.items():
            if part != old.get(name):
                yield from _changed(f"{key}.{name}", old.get(name), part)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, part in enumerate(new):
            if part != old[index]:
                yield from _changed(f"{key}[{index}]", old[index], part)
    else:
        yield f"{key}={flow_text(new)}"


Aligned = list[tuple[Entry, dict[str, Any]]]
"""Each layer as it is written, and what is to be set in it."""


def _aligned(old: Layers, new: Layers, written: list[Entry]) -> Aligned:
    """Return the new path, where what is as before is written as before."""
    names = [[name_of(one) for one in path] for path in (old, new)]
    same = SequenceMatcher(a=names[0], b=names[1], autojunk=False).get_matching_blocks()
    before = {b + n: a + n for a, b, size in same for n in range(size)}
    found: Aligned = []
    for index, entry in enumerate(new):
        ((kind, parameters),) = entry.items()
        at = before.get(index)
        if at is None or at >= len(written):
            # A second layer like one that is there is written like it.
            same_as = old.index(entry) if entry in old[: len(written)] else None
            new_one = entry if parameters else kind
            found.append((new_one if same_as is None else written[same_as], {}))
            continue
        was = old[at][kind]
        sets = {name: one for name, one in parameters.items() if one != was.get(name)}
        found.append((written[at], sets))
    return found


def _parameters(aligned: Aligned, *, in_section: bool) -> Iterator[str]:
    for index, (entry, sets) in enumerate(aligned):
        kind = name_of(entry)
        inline = entry[kind] if isinstance(entry, dict) else {}
        for name, value in sets.items():
            is_shared = in_section and name not in (inline or {})
            at = layer_section_of(kind) if is_shared else f"path[{index}].{kind}"
            yield f"{at}.{name}={flow_text(value)}"
