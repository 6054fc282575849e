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
    found: list[Change] = []
    for key in [*before, *(key for key in after if key not in before)]:
        if key in _SILENT or before.get(key) == after.get(key):
            continue
        if key == "path":
            found += _of_paths(before[key], after[key])
        else:
            found += _of_values(key, before.get(key), after.get(key))
    return found


def _of_paths(before: list[Any], after: list[Any]) -> Iterator[Change]:
    names = [[next(iter(layer)) for layer in path] for path in (before, after)]
    if names[0] != names[1]:
        yield Change("path", ", ".join(names[0]), ", ".join(names[1]))
        return
    for name, a, b in zip(names[0], before, after, strict=True):
        yield from _of_values(name, a[name], b[name])


def _of_values(where: str, before: Any, after: Any) -> Iterator[Change]:
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in dict.fromkeys([*before, *after]):
            yield from _of_values(f"{where}.{key}", before.get(key), after.get(key))
    elif _are_lists(before, after):
        for index, (a, b) in enumerate(zip(before, after, strict=True)):
            yield from _of_values(f"{where}[{index}]", a, b)
    else:
        yield Change(where, _text(before), _text(after))


def _are_lists(before: Any, after: Any) -> bool:
    is_both = isinstance(before, list) and isinstance(after, list)
    return is_both and len(before) == len(after)


def _text(value: Any) -> str:
    return "nothing" if value is None else str(value)
