"""The house style, where no linter has a rule for it."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "simcoalesce"
FILES = sorted(PACKAGE.rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
UNIT_TESTS = sorted((ROOT / "tests" / "unit").rglob("test_*.py"))
DECISIONS = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))

SUFFIX_OF_UNIT = {
    "Duration": "_ns",
    "PositiveDuration": "_ns",
    "OptionalDuration": "_ns",
    "Rate": "_per_s",
    "OptionalRate": "_per_s",
    "Ratio": "_ratio",
    "Size": "_bytes",
}
VAGUE = re.compile(
    r"data|results|manager|handler|helper|utils?|common|misc|tmp|cfg|rqs|rps"
)

Function = ast.FunctionDef | ast.AsyncFunctionDef


def named(path: Path) -> str:
    """Return a file's name below the project, for the test report."""
    return path.relative_to(ROOT).as_posix()


def parsed(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[Function]:
    """Yield every function and method of a file."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, Function):
            yield node


def lines(node: Function) -> int:
    """Return how many lines a function has, from `def` to its last."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def families() -> Iterator[tuple[Path, Path]]:
    """Yield the idea's file and the members' folder of every family."""
    for folder in sorted(path for path in PACKAGE.rglob("*") if path.is_dir()):
        plural = re.sub(r"ies$", "y", folder.name).removesuffix("s")
        idea = folder.with_name(f"{plural}.py")
        if idea.exists():
            yield idea, folder


def kind_of(path: Path) -> str | None:
    """Return the `kind` that a member's file declares, if it declares one."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "kind":
            return str(ast.literal_eval(node.value)) if node.value else None
    return None


def own_names(path: Path) -> Iterator[str]:
    """Yield the names that a file gives: files, classes, functions, variables."""
    yield path.stem
    for node in ast.walk(parsed(path)):
        if isinstance(node, (ast.ClassDef, Function)):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


@pytest.mark.parametrize("path", FILES, ids=named)
def test_a_file_has_at_most_300_lines(path: Path) -> None:
    """A file is one idea, read in one sitting."""
    count = len(path.read_text(encoding="utf-8").splitlines())

    assert count <= 300


@pytest.mark.parametrize("path", FILES, ids=named)
def test_a_function_has_at_most_50_lines(path: Path) -> None:
    """A function fits on a screen, docstring included."""
    long = {f.name: lines(f) for f in functions(path) if lines(f) > 50}

    assert long == {}


@pytest.mark.parametrize("path", TESTS, ids=named)
def test_a_test_has_at_most_25_lines(path: Path) -> None:
    """A test is one claim."""
    tests = (f for f in functions(path) if f.name.startswith("test_"))
    long = {f.name: lines(f) for f in tests if lines(f) > 25}

    assert long == {}


@pytest.mark.parametrize("path", FILES, ids=named)
def test_what_is_public_has_a_docstring(path: Path) -> None:
    """Every public function and class says what it is; an override need not."""
    silent = [
        node.name
        for node in ast.walk(parsed(path))
        if isinstance(node, (ast.ClassDef, Function))
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
        and "override" not in map(ast.unparse, node.decorator_list)
    ]
    nested = {
        inner.name
        for outer in ast.walk(parsed(path))
        if isinstance(outer, Function)
        or (isinstance(outer, ast.ClassDef) and outer.name.startswith("_"))
        for inner in ast.walk(outer)
        if isinstance(inner, (ast.ClassDef, Function)) and inner is not outer
    }

    assert set(silent) - nested == set()


@pytest.mark.parametrize("path", FILES, ids=named)
def test_a_quantity_has_its_unit_in_its_name(path: Path) -> None:
    """A duration ends in _ns, a rate in _per_s, a share in _ratio, a size in _bytes."""
    unlike = [
        f"{ast.unparse(node.target)}: {node.annotation.id}"
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.annotation, ast.Name)
        and not ast.unparse(node.target).endswith(
            SUFFIX_OF_UNIT.get(node.annotation.id, "")
        )
    ]

    assert unlike == []


@pytest.mark.parametrize("path", FILES, ids=named)
def test_a_name_says_something(path: Path) -> None:
    """No name is one of those that fit everything."""
    vague = {name for name in own_names(path) if VAGUE.fullmatch(name)}

    assert vague == set()


@pytest.mark.parametrize("path", [p for p in FILES if "cli" not in p.parts], ids=named)
def test_only_the_command_line_prints(path: Path) -> None:
    """Everything else returns what it has to say."""
    calls = (node for node in ast.walk(parsed(path)) if isinstance(node, ast.Call))
    prints = [f"line {call.lineno}" for call in calls if _is_print(call)]

    assert prints == []


@pytest.mark.parametrize("family", [*families()], ids=lambda family: family[1].name)
def test_a_member_is_called_as_its_file(family: tuple[Path, Path]) -> None:
    """The kind that a scenario writes is the name of the file, with _ for a point."""
    idea, folder = family
    members = [path for path in folder.glob("*.py") if path.stem != "__init__"]
    kinds = {path.stem: kind_of(path) for path in members if kind_of(path)}
    unlike = {
        stem: kind
        for stem, kind in kinds.items()
        if kind and kind.replace(".", "_") != stem
    }

    assert unlike == {}, f"members of {named(idea)}"


@pytest.mark.parametrize("path", UNIT_TESTS, ids=named)
def test_a_unit_test_lies_where_its_module_lies(path: Path) -> None:
    """Below tests/unit as below the package, and called test_ and its name."""
    below = path.relative_to(ROOT / "tests" / "unit")
    module = PACKAGE / below.with_name(below.name.removeprefix("test_"))

    assert module.exists()


def test_decisions_are_numbered_without_gaps() -> None:
    """Architecture decisions are called NNNN-sentence.md, from 0001 on."""
    numbers = [path.name[:5] for path in DECISIONS]

    assert numbers == [f"{number:04}-" for number in range(1, len(DECISIONS) + 1)]


@pytest.mark.parametrize("path", DECISIONS, ids=named)
def test_a_decision_is_one_page_in_three_parts(path: Path) -> None:
    """It has its number, context, decision and consequences, in at most 40 lines."""
    text = path.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (\w+)", text, flags=re.MULTILINE)

    assert headings == [path.name[:4], "Context", "Decision", "Consequences"]
    assert len(text.splitlines()) <= 40


@pytest.mark.parametrize("path", DECISIONS, ids=named)
def test_a_decision_is_in_the_index(path: Path) -> None:
    """Who opens the folder finds every decision."""
    index = (path.parent / "README.md").read_text(encoding="utf-8")

    assert f"({path.name})" in index


def test_the_changelog_has_a_section_for_what_is_unreleased() -> None:
    """The entry is written with the change."""
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    assert "## [Unreleased]" in changelog


@pytest.mark.parametrize(
    "path", sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]), ids=named
)
def test_a_page_links_only_to_what_exists(path: Path) -> None:
    """Links between pages of the project lead somewhere."""
    links = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", path.read_text(encoding="utf-8"))
    broken = [link for link in links if not (path.parent / link).exists()]

    assert broken == []


IMPORTS_BY_NAME = (
    *("__init__.py", "cli/__init__.py", "discovery.py", "compiled/kernel_family.py"),
)
"""May import by a text: the top of the package, families, and the kernel of a layer."""


@pytest.mark.parametrize("path", FILES, ids=named)
def test_an_import_is_a_statement(path: Path) -> None:
    """An import by a text hides an arrow from the contracts in pyproject.toml."""
    calls = [node for node in ast.walk(parsed(path)) if isinstance(node, ast.Call)]
    by_name = [
        ast.unparse(call)
        for call in calls
        if ast.unparse(call.func).endswith(("import_module", "__import__"))
        and not _is_of_another_package(call)
    ]

    if path.relative_to(PACKAGE).as_posix() not in IMPORTS_BY_NAME:
        assert by_name == []


LAYERS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
    "importlinter"
]["contracts"][0]["layers"]
RANKS = {room: rank for rank, row in enumerate(LAYERS) for room in row.split(" | ")}
"""The rooms by the first contract in pyproject.toml, the uppermost first."""


@pytest.mark.parametrize(
    "path", [path for path in FILES if path != PACKAGE / "__init__.py"], ids=named
)
def test_a_module_in_a_text_is_of_the_same_room_or_a_lower(path: Path) -> None:
    """A family's folder is a text; it is imported, so the contracts hold for it."""
    own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    upper = [
        name
        for name in modules_in_texts(path)
        if (room := name.split(".")[1]) != own and RANKS[room] <= RANKS[own]
    ]

    assert upper == []


def modules_in_texts(path: Path) -> Iterator[str]:
    """Yield the texts of a file that name a module, and not a file or a group."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            named_room = re.match(r"simcoalesce\.(\w+)(\.\w+)*$", node.value)
            if named_room and named_room[1] in RANKS:
                yield node.value


def _is_of_another_package(call: ast.Call) -> bool:
    name = call.args[0]
    is_text = isinstance(name, ast.Constant) and isinstance(name.value, str)
    return is_text and not name.value.startswith("simcoalesce")  # type: ignore[attr-defined]


def _is_print(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id == "print"
