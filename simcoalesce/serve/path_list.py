"""The path of a page as a list: layers are added, removed and moved."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from simcoalesce.model.layer import Layer
from simcoalesce.serve.what_if import Refused, ScenarioFile, WhatIf
from simcoalesce.yaml.node import SequenceNode, plain
from simcoalesce.yaml.writer import flow_text

Entry = str | dict[str, Any]
"""A layer as a path has it: its name, or its name with parameters."""

_STARTS: Final[dict[str, Any]] = {
    "abandon": {"after": "2s"},
    "fan_out": {"calls": 2},
    "hedge": {"after": "200ms"},
    "limiter": {"rate_limit": {"kind": "token_bucket", "rate": "100/s", "burst": 100}},
    "load_shed": {"classes": [{"above": 100}]},
    "refresh_timer": {"every": "30s"},
    "timeout": {"after": "1s"},
}
"""What a layer begins with where it has no default for it."""
_NOT_ADDED: Final = ("origin", "origins")


def path_of(file: ScenarioFile, asked: WhatIf) -> list[Entry]:
    """Return the path as it is written; empty if it is none."""
    written = file.root(asked).get("path")
    return plain(written) if isinstance(written, SequenceNode) else []


def path_document(path: Sequence[Entry]) -> list[dict[str, Any]]:
    """Return the layers of a path for a page, each with what it is."""
    return [_layer(entry) for entry in path]


def addable() -> list[dict[str, str]]:
    """Return the layers that may be added, each with what it is."""
    return [
        {"kind": kind, "about": about_layer(kind)}
        for kind in sorted(Layer.members())
        if kind not in _NOT_ADDED
    ]


def about_layer(kind: str) -> str:
    """Return the first line of what a layer says of itself."""
    layer = Layer.members().get(kind)
    return (layer.__doc__ or "").strip().splitlines()[0] if layer else ""


def name_of(entry: Entry) -> str:
    """Return what a layer is called."""
    return entry if isinstance(entry, str) else next(iter(entry), "")


def _layer(entry: Entry) -> dict[str, Any]:
    name = name_of(entry)
    parameters = entry[name] if isinstance(entry, dict) and name else None
    inline = flow_text(parameters)[1:-1] if parameters else ""
    return {"kind": name, "inline": inline, "about": about_layer(name)}


def moved(file: ScenarioFile, asked: WhatIf, at: int, to: int) -> WhatIf:
    """Return the state with a layer moved to another position."""
    path = path_of(file, asked)
    if not (0 <= at < len(path) and 0 <= to < len(path)):
        raise Refused("the path has no such layer")
    path.insert(to, path.pop(at))
    return _with_path(asked, path)


def removed(file: ScenarioFile, asked: WhatIf, at: int) -> WhatIf:
    """Return the state without a layer of the path."""
    path = path_of(file, asked)
    if not 0 <= at < len(path):
        raise Refused("the path has no such layer")
    del path[at]
    return _with_path(asked, path)


def added(
    file: ScenarioFile,
    asked: WhatIf,
    kind: str,
    check: Callable[[WhatIf], object],
) -> WhatIf:
    """Return the state with another layer, as near to the origin as it may stand.

    Args:
        file: The file.
        asked: The state.
        kind: Which layer.
        check: Raises a ValueError where a state is no valid scenario.

    Raises:
        ValueError: If it may stand nowhere; the reason where it would be the last one.
    """
    if kind not in Layer.members() or kind in _NOT_ADDED:
        raise Refused(f'no layer "{kind[:40]}" can be added')
    path = path_of(file, asked)
    entry: Entry = {kind: _STARTS[kind]} if kind in _STARTS else kind
    first: ValueError | None = None
    for candidate in _with_entry(asked, path, entry):
        try:
            check(candidate)
        except ValueError as error:
            first = first or error
        else:
            return candidate
    raise first or Refused("the path is empty")


def _with_entry(asked: WhatIf, path: list[Entry], entry: Entry) -> Iterator[WhatIf]:
    """Yield the states with a layer more, at each position, the last first."""
    for at in range(len(path) - 1, -1, -1):
        yield _with_path(asked, [*path[:at], entry, *path[at:]])


def _with_path(asked: WhatIf, path: list[Entry]) -> WhatIf:
    """Return the state with another path; it absorbs all changes of the old one."""
    return WhatIf(asked.variant, (f"path={flow_text(path)}", *without_path(asked)))


def without_path(asked: WhatIf) -> list[str]:
    """Return the changes that are not of the path."""
    return [one for one in asked.overrides if not _is_of_path(one)]


def _is_of_path(change: str) -> bool:
    key = change.partition("=")[0].strip()
    return key == "path" or key.startswith("path[")
