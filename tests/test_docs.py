"""The pages name what exists: identifiers, files, rooms."""

import ast
import json
import re
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner

from simcoalesce.cli import group
from simcoalesce.metrics import METRICS
from simcoalesce.report.export import exports
from tests.vocabulary import FILES, PACKAGE, ROOT, keys_of

PAGES = [
    *sorted([*ROOT.glob("docs/*.md"), *ROOT.glob("docs/how_to/*.md")]),
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")),
]
QUOTED = re.compile(r"`([^`\n]+)`")
PATH = re.compile(r"(?:[\w.-]+/)*[\w-]+\.(?:py|yaml|svg|toml|json|ts)|(?:[\w.-]+/)+")

WRITTEN = {"charts/", "result.json"}
"""What a command writes."""


@cache
def known() -> frozenset[str]:
    """Return every name and word of the package, and every key of a scenario."""
    words = {*keys_of(json.loads((ROOT / "scenarios/schema.json").read_text()))}
    for path in FILES:
        words |= {path.stem, path.parent.name}
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for field in ("name", "id", "attr", "arg", "value"):
                words |= {str(getattr(node, field, ""))}
    return frozenset(words)


@cache
def files() -> frozenset[str]:
    """Return every file and folder of the project, folders with a slash."""
    found = set[str]()
    for path in ROOT.rglob("*"):
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith((".", "reports/")) and "node_modules" not in name:
            found.add(f"/{name}/" if path.is_dir() else f"/{name}")
    return frozenset(found)


def rows() -> list[tuple[str, str]]:
    """Return the terms of the glossary, each with what stands for it in the code."""
    page = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    found = re.findall(r"^\| ([^|]+) \| ([^|]+) \| [^|]+ \|$", page, re.MULTILINE)
    return [row for row in found if row[0] not in ("term", "---")]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_an_identifier_of_the_glossary_exists(row: tuple[str, str]) -> None:
    """Each part of it: a class, a function, a field, a kind, or a key of scenarios."""
    said = [
        part for text in QUOTED.findall(row[1]) for part in re.split(r"[.()]+", text)
    ]

    assert {part for part in said if part and part not in known()} == set()


def test_a_term_has_one_row() -> None:
    """One word, one meaning."""
    terms = [
        term.strip("* ") for names, _ in rows() for term in re.split(r"[,:]", names)
    ]

    assert sorted({term for term in terms if terms.count(term) > 1}) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_a_file_that_a_page_names_exists(page: Path) -> None:
    """From the project's folder, or from any below it."""
    text = re.sub(
        r"^```.*?^```", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE
    )
    named = {name for name in QUOTED.findall(text) if PATH.fullmatch(name)}

    ends = {name: f"/{name}" for name in named - WRITTEN}
    missing = [
        name for name, end in ends.items() if not any(f.endswith(end) for f in files())
    ]
    assert missing == []


def test_every_metric_stands_on_the_page_of_conditions() -> None:
    """Beside the others with its unit."""
    page = (ROOT / "docs/conditions.md").read_text("utf-8").split("## Metrics")[1]
    rows = [re.findall(r"`(\w+)`", row.split("|")[-2]) for row in page.splitlines()[4:]]
    by_unit: dict[str, list[str]] = {}
    for metric in METRICS.values():
        by_unit.setdefault(metric.unit, []).append(metric.name)

    assert rows == [*by_unit.values()]


@pytest.mark.parametrize("page", ["README.md", "docs/how_to/gate_a_build.md"])
def test_every_export_is_named(page: str) -> None:
    """In the help of `run` and on the pages, by the end of a file's name."""
    helped = CliRunner().invoke(group, ["run", "--help"]).output
    ends = [end for export in exports().values() for end in export.suffixes]
    told = (ROOT / page).read_text("utf-8")

    assert [end for end in ends if end not in told or end not in helped] == []


def test_the_picture_of_the_architecture_shows_rooms_that_exist() -> None:
    """Names and code in it are modules, folders, functions, classes or layers."""
    picture = (ROOT / "docs/architecture.svg").read_text(encoding="utf-8")
    shown = re.findall(r'class="(?:name|code)[^>]*>([^<]+)<', picture)
    words = {word for text in shown for word in re.findall(r"[A-Za-z_.]{3,}", text)}

    assert words - known() - {"path", "layers", "durable_"} == set()
    assert {"explain", "report", "validation", "experiment", "api", "cli"} <= words


def test_every_room_stands_in_the_architecture() -> None:
    """A folder of the package has its words on the page."""
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}

    assert {room for room in rooms if room not in page} == set()
