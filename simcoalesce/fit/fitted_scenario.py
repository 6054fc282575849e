"""A fitted scenario: what was found in a log as YAML, each line with its evidence."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap
from typing import Any, Final

from simcoalesce.fit.fitted_value import CompanionFile, FittedValue, FittedValues
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.visible import visible
from simcoalesce.whole_file import write_together
from simcoalesce.yaml.writer import flow_text, scalar_text

_WIDEST: Final = 100
_STEP: Final = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_KIND: Final = ".kind"
_FIRST: Final = (
    *("version", "name", "title", "question", "description", "starts_at"),
    *("duration", "seed", "replications", "traffic"),
)
_LAST: Final = ("path", "changes", "measure", "expect", "uncertain", "variants")

Tree = dict[str | int, Any]
"""Parts of a scenario by their names, or by their numbers in a list; leaves are
`_Line`."""


@dataclass(frozen=True, slots=True)
class _Line:
    value: Any
    comment: str = ""


@dataclass(frozen=True)
class FittedScenario:
    """A scenario's text, and the files that lie beside it.

    Attributes:
        stem: The name of the scenario's file, without its suffix.
        text: YAML; it loads where its files lie.
        files: The files by their names.
    """

    stem: str
    text: str
    files: Mapping[str, bytes]

    @property
    def names(self) -> tuple[str, ...]:
        """The files that `write` writes, the scenario last."""
        return (*self.files, f"{self.stem}.yaml")

    def write(self, folder: Path, suffix: str = ".yaml") -> Path:
        """Write the files and the scenario, all of them or none; return the latter.

        Args:
            folder: Where they go.
            suffix: Of the scenario.

        Raises:
            OSError: If a file cannot be written.
        """
        path = folder / f"{self.stem}{suffix}"
        files = {folder / name: content for name, content in self.files.items()}
        write_together({**files, path: self.text.encode()})
        return path

    def load(self, folder: Path) -> Scenario:
        """Write all of it into a folder, e.g. a temporary one, and load it from there.

        Raises:
            InvalidScenario: If what was found is no scenario: an estimator's fault.
        """
        return Scenario.load(self.write(folder))


def fitted_scenario(
    values: FittedValues,
    *,
    stem: str = "fitted",
    title: str = "",
    notes: Sequence[str] = (),
) -> FittedScenario:
    """Return what was found as a scenario.

    Args:
        values: What was found; of two that set the same path, the later one holds.
        stem: The name of its file, without its suffix.
        title: One line about it.
        notes: Sentences that stand on top, such as what was read.
    """
    tree: Tree = {"version": _Line(1), "name": _Line(stem)}
    if title:
        tree["title"] = _Line(title)
    files: dict[str, bytes] = {}
    for value in values:
        main = _main_path(value)
        for path, written in value.sets.items():
            comment = comment_of(value) if path == main else _with(path, main)
            _set(tree, _steps(path), _Line(_named(written, stem, files), comment))
    draws = [one for value in values for one in value.uncertain]
    if draws:
        tree["uncertain"] = {number: _Line(one) for number, one in enumerate(draws)}
    said = [f"# {visible(note)}" for note in notes]
    head = [line for one in said for line in wrap(one, _WIDEST, **_COMMENT)]
    body = [line for key in _in_order(tree) for line in _part(key, tree[key], "")]
    return FittedScenario(stem, "\n".join([*head, *body]) + "\n", files)


def _main_path(value: FittedValue) -> str:
    """Return the path whose line has the evidence: the first that is no kind."""
    return next((one for one in value.sets if not one.endswith(_KIND)), "")


def _with(path: str, main: str) -> str:
    return "" if path.endswith(_KIND) else f"with {main}"


_COMMENT: Final[dict[str, Any]] = {
    "subsequent_indent": "#   ",
    "break_long_words": False,
    "break_on_hyphens": False,
}


def comment_of(value: FittedValue) -> str:
    """Return the evidence of a value as its line's comment.

    >>> comment_of(FittedValue("ttl", {"cdn.ttl": "20s"}, "all hits", 812))
    'all hits; 812 events'
    """
    parts = [value.evidence]
    if value.interval:
        parts.append(f"95 %: {value.interval[0]} to {value.interval[1]}")
    if value.events and not value.is_assumed:
        parts.append(f"{value.events:,} event{'s' * (value.events != 1)}")
    if value.contradictions is not None:
        parts.append(f"{value.contradictions:,} contradict it")
    if value.rival is not None:
        of_rival = value.rival.contradictions
        count = "" if of_rival is None else f": {of_rival:,}"
        parts.append(f"{value.rival.text}{count}")
    return "; ".join(filter(None, parts))


def _steps(path: str) -> list[str | int]:
    return [int(index) if index else name for name, index in _STEP.findall(path)]


def _set(tree: Tree, steps: Sequence[str | int], line: _Line) -> None:
    key, rest = steps[0], steps[1:]
    if not rest:
        tree[key] = line
        return
    below = tree.setdefault(key, {})
    if isinstance(below, _Line):
        below = tree[key] = _opened(below)
    _set(below, rest, line)


def _opened(line: _Line) -> Tree:
    """Return a mapping or a list that was one line as one with a line for each part."""
    value = line.value
    items = value.items() if isinstance(value, Mapping) else enumerate(value)
    return {key: _Line(part, line.comment) for key, part in items}


def _named(value: Any, stem: str, files: dict[str, bytes]) -> Any:
    """Return a value with the names of its files, which are kept."""
    if isinstance(value, CompanionFile):
        name = f"{stem}-{value.name}"
        files[name] = value.content
        return name
    if isinstance(value, Mapping):
        return {key: _named(part, stem, files) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_named(part, stem, files) for part in value]
    return value


def _in_order(tree: Tree) -> list[str]:
    names = [str(key) for key in tree]
    first = [name for name in _FIRST if name in names]
    last = [name for name in _LAST if name in names]
    return [*first, *(one for one in names if one not in {*first, *last}), *last]


def _part(key: str | int, part: Any, indent: str) -> Iterator[str]:
    """Yield the lines of one entry of a mapping or of a list."""
    lead = f"{indent}-" if isinstance(key, int) else f"{indent}{scalar_text(key)}:"
    if isinstance(part, _Line):
        yield from _leaf(f"{lead} {flow_text(part.value)}", part.comment, indent)
        return
    if not isinstance(key, int):
        yield lead
        for name, below in part.items():
            yield from _part(name, below, f"{indent}  ")
        return
    below = [line for name in part for line in _part(name, part[name], f"{indent}  ")]
    first = next(n for n, line in enumerate(below) if line.lstrip()[0] != "#")
    yield from (line[2:] for line in below[:first])
    yield f"{lead} {below[first].lstrip()}"
    yield from below[first + 1 :]


def _leaf(text: str, comment: str, indent: str) -> Iterator[str]:
    """Yield a line with its comment behind it, or above it where that is too long."""
    comment = visible(comment)
    if not comment:
        yield text
    elif len(text) + len(comment) + 4 <= _WIDEST:
        yield f"{text}  # {comment}"
    else:
        yield from (
            f"{indent}{line}"
            for line in wrap(f"# {comment}", _WIDEST - len(indent), **_COMMENT)
        )
        yield text
