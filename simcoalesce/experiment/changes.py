"""Changes: what two scenarios say differently."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from simcoalesce.scenario.scenario import Scenario

_SILENT: Final = frozenset(
    (
        *("name", "title", "question", "description", "engine"),
        *("expect", "observations", "claims", "sweep"),
    )
)
"""What changes no number."""


class Change(NamedTuple):
    """One value that differs."""

    where: str
    before: str
    after: str


def changes(base: Scenario, other: Scenario) -> list[Change]:
    """Return what two resolved scenarios say differently, in the order of the base."""
    before, after = base.document(), other.document()
    paths = [[next(iter(layer)) for layer in one["path"]] for one in (before, after)]
    found: list[Change] = []
    for key in dict.fromkeys([*before, *after]):
        if key == "path" and paths[0] != paths[1]:
            found.append(Change("path", *map(", ".join, paths)))
        elif key == "path":
            for kind, a, b in zip(paths[0], before[key], after[key], strict=True):
                found += _changes(kind, a[kind], b[kind])
        elif key not in _SILENT:
            found += _changes(key, before.get(key), after.get(key))
    return found


def _changes(where: str, before: Any, after: Any) -> Iterator[Change]:
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in dict.fromkeys([*before, *after]):
            yield from _changes(f"{where}.{key}", before.get(key), after.get(key))
    elif _are_lists(before, after):
        for index, (a, b) in enumerate(zip(before, after, strict=True)):
            yield from _changes(f"{where}[{index}]", a, b)
    else:
        yield Change(where, _text(before), _text(after))


def _are_lists(before: Any, after: Any) -> bool:
    is_both = isinstance(before, list) and isinstance(after, list)
    return is_both and len(before) == len(after)


def _text(value: Any) -> str:
    return "nothing" if value is None else str(value)
