"""Retired words, and all that the package says: names, sentences, keys, CSS classes.

Words are compared whole: `door` is in `door_width`, in `FrontDoor` and in "the door",
and not in "indoors".
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "simcoalesce"
FILES = sorted(PACKAGE.rglob("*.py"))
Function = ast.FunctionDef | ast.AsyncFunctionDef
FOLDERS = ("simcoalesce", "tests", "benchmarks", "docs", "notebooks", "scenarios")


class Said(NamedTuple):
    """A name, a sentence or a key, and the file that has it."""

    text: str
    file: str


class Retired(NamedTuple):
    """A word that is no longer said."""

    words: tuple[str, ...]
    instead: str
    inside: str = ""
    """The room that may not say it; everywhere if empty."""
    in_sentences: bool = False
    """Whether no line may say it either; many a word is ordinary English."""


def _retired(
    words: str, instead: str, inside: str = "", *, in_sentences: bool = False
) -> Retired:
    return Retired(tuple(words.split()), instead, inside, in_sentences)


NOWHERE = (
    ("door doors", "miss window, api or validation"),
    ("court judgement judgements witness witnesses", "claim evaluation, evidence"),
    ("bench", "ScenarioRunner"),
    ("dial dials", "parameter"),
    ("ladder ladders", "line search"),
    ("misfit misfits", "discrepancy"),
    ("bends", "deviation"),
    ("tipping", "threshold"),
    ("foresight settler settlers", "fast path"),
    ("parked", "follower fast path"),
    ("crowd crowds", "traffic, clients"),
    ("stretch stretches", "chunk"),
    ("shelf inbox", "location view, pending puts"),
    ("luck", "random stream"),
    ("anatomy", "schema index"),
    ("complaint complaints", "validation error"),
    ("whereabouts", "location check"),
    ("composer", "parser"),
    ("caveat caveats", "warning"),
    ("steadiness", "warm-up check"),
    ("lateness", "timer lag"),
    ("fix", "remedy"),
)
"""In no name, file, key, CSS class or line. (A remedy fixes: the verb is fine.)"""

IN_NO_NAME = (
    ("aside beside begun", "parallel, pipeline"),
    ("bundle bundles", "change set"),
    ("draft drafts", "scenario edit"),
    ("ending endings", "outcome, reason"),
    ("finding findings", "headline"),
    ("fixes", "remedies"),
    ("life lives", "request trace"),
    ("meeting meetings", "coalescing point"),
    ("park parks", "follower fast path"),
    ("preference", "direction"),
    ("reading readings", "hypothesis"),
    ("settle settles", "complete"),
    ("site sites", "layer context, scope, location"),
    ("place places", "scope, index, location"),
    ("tire tires", "on timer"),
    ("visitor visitors", "client"),
)
"""In no name, file, key or CSS class; in sentences they are ordinary English."""

IN_NO_NAME_OF = (
    ("simcoalesce/compiled", "words room rooms lane lanes assembly", "layout, fifo"),
    ("simcoalesce/compiled", "program machine ring", "parameters, state, cancel"),
    ("simcoalesce/experiment", "cell cells present effect", "point, baseline"),
    ("simcoalesce/explain", "node nodes reach turn turned", "candidate, adjustment"),
    ("simcoalesce/explain", "missing case cases", "ablation, claim result"),
    ("simcoalesce", "law laws", "closed form"),
    ("simcoalesce/metrics", "waits", "latency histogram"),
    ("simcoalesce/model", "look serving", "lookup, arrivals"),
    ("simcoalesce/report", "look setting settings section", "style, context, block"),
    ("simcoalesce/report", "cell cells present", "point, baseline"),
    ("simcoalesce/scenario", "listing", "effective config"),
    ("simcoalesce/validation", "overhead child observed", "host latency, measurement"),
)
"""In no name, file, key or CSS class of one room; elsewhere it is another term."""

RETIRED = (
    *(_retired(words, instead, in_sentences=True) for words, instead in NOWHERE),
    *(_retired(words, instead) for words, instead in IN_NO_NAME),
    *(_retired(words, instead, room) for room, words, instead in IN_NO_NAME_OF),
)

TERMS = re.compile(
    r"flash[ _-]?crowds?"  # a kind of arrivals, as in the literature
    r"|draft[_-]?07"  # a version of JSON Schema
    r"|queue_ring"  # a ring buffer
    r"|target_machine",  # LLVM's
    re.IGNORECASE,
)
"""Terms of the field that have a retired word in them."""


def words_of(text: str) -> set[str]:
    """Return the words of an identifier or a sentence, in lower case."""
    found = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", TERMS.sub(" ", text))
    return {word.lower() for word in found}


def public_names() -> Iterator[Said]:
    """Yield the public names of package and tests, parameters and attributes too."""
    for path in (*FILES, *sorted((ROOT / "tests").rglob("*.py"))):
        for name in _names(ast.parse(path.read_text(encoding="utf-8"))):
            if not name.startswith("_"):
                yield Said(name, _below_root(path))


def _names(node: ast.AST) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef) and not child.name.startswith("_"):
            yield child.name
            yield from _names(child)
        elif isinstance(child, Function):
            if child.name == "__init__" or not child.name.startswith("_"):
                yield child.name
                yield from _inside(child)
        elif isinstance(child, ast.Assign | ast.AnnAssign):
            yield from _targets(child)


def _inside(function: Function) -> Iterator[str]:
    """Yield the parameters of a function, and the attributes that it sets."""
    arguments = function.args
    for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        yield argument.arg
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr


def _targets(node: ast.Assign | ast.AnnAssign) -> Iterator[str]:
    for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
        for name in ast.walk(target):
            if isinstance(name, ast.Name):
                yield name.id


def classes() -> Iterator[Said]:
    """Yield the public classes of the package."""
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                yield Said(node.name, _below_root(path))


def file_names() -> Iterator[Said]:
    """Yield the files and folders of the project."""
    for path in (path for name in FOLDERS for path in (ROOT / name).rglob("*")):
        if "__pycache__" not in path.parts and not path.name.startswith("."):
            yield Said(path.stem, _below_root(path))


def lines() -> Iterator[Said]:
    """Yield the lines of the package: what it shows, documents, and calls its own."""
    for path in (*FILES, *sorted(PACKAGE.rglob("*.yaml"))):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield Said(line, _below_root(path))


def css_classes() -> Iterator[Said]:
    """Yield the classes and variables of the pages' style sheets."""
    for path in sorted((PACKAGE / "report").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        for name in re.findall(r'(?:class="|\s\.|--)([a-z][\w-]*)', text):
            yield Said(name, _below_root(path))


def keys_of(value: Any) -> Iterator[str]:
    """Yield the keys of a JSON document, at every depth."""
    if isinstance(value, dict):
        yield from value
        for part in value.values():
            yield from keys_of(part)
    elif isinstance(value, list):
        for part in value:
            yield from keys_of(part)


def _below_root(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
