"""The tutorial says what happens: its files are written, its commands are run."""

import ast
import re
import shlex
from collections.abc import Iterator
from importlib import import_module
from itertools import takewhile
from pathlib import Path

import pytest
from click.testing import CliRunner

from simcoalesce.cli import group
from simcoalesce.reference.scenario_schema import scenario_schema
from tests.cli.command_line import command, process
from tests.vocabulary import ROOT

PAGE = (ROOT / "docs/tutorial.md").read_text(encoding="utf-8")
SHELLS = (ROOT / "docs/how_to/complete_in_a_shell.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
FILE = re.compile(r"# (\S+\.\w+)\n")
PAGES = sorted([*ROOT.glob("docs/*.md"), *ROOT.glob("docs/how_to/*.md")])
KEYS = {*scenario_schema()["properties"]}
COMMAND = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)


def steps() -> Iterator[tuple[str, str, str]]:
    """Yield what the page has a reader do: file, text, and what is printed then."""
    for language, text in BLOCK.findall(PAGE):
        named = FILE.match(text)
        if named:
            yield named[1], text[named.end() :], ""
        elif language == "console":
            for typed, printed in COMMAND.findall(text):
                yield "", typed, printed


def shows(out: str, expected: str) -> bool:
    """Whether an output is as expected, where dots stand for anything."""
    pattern = re.escape(expected.strip()).replace(re.escape("..."), ".*")
    return re.fullmatch(pattern, out.strip(), re.DOTALL) is not None


def test_a_reader_sees_what_the_tutorial_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the incident to the gate, step by step."""
    monkeypatch.chdir(tmp_path)
    code = 0
    for file, text, printed in steps():
        if file:
            with Path(file).open("a") as written:
                written.write(text)
        elif text == "echo $?":
            assert code == int(printed)
        else:
            ran = command(*shlex.split(text)[1:])
            code = ran.code
            assert shows(ran.out, printed), ran.out


def test_the_tutorial_uses_the_commands_in_their_order() -> None:
    """Incident, run, explain, remedy, compare, gate."""
    used = [text.split()[1] for file, text, _ in steps() if text.startswith("simco")]

    assert used == ["run", "why", "explain", "compare", "run", "run"]


@pytest.mark.parametrize("shell", re.findall(r"=(\w+)_source", SHELLS))
def test_a_shell_is_told_how_to_complete(shell: str) -> None:
    """As the page has it asked."""
    ran = process(_SIMCOALESCE_COMPLETE=f"{shell}_source")

    assert "simcoalesce" in ran.out


def test_every_command_line_of_the_pages_is_one() -> None:
    """Its command and its options exist; it is read, and not run."""
    wrong = [line for line in command_lines() if not is_read(line)]

    assert wrong == []


def command_lines() -> Iterator[str]:
    """Yield the command lines in blocks of all pages."""
    pages = [*ROOT.glob("docs/*.md"), *ROOT.glob("docs/how_to/*.md")]
    for page in sorted(pages):
        for language, text in BLOCK.findall(page.read_text(encoding="utf-8")):
            if language in ("sh", "console"):
                joined = re.sub(r"\\\n\s*", "", text)
                yield from re.findall(
                    r"^(?:\$ )?(simcoalesce .*)", joined, re.MULTILINE
                )


def is_read(line: str) -> bool:
    """Whether all words of a command line are taken."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|>;&")
    lexer.whitespace_split = True
    _, name, *words = takewhile(lambda word: word[0] not in "|>;&", lexer)
    ran = CliRunner().invoke(group, [name, *words, "--no-such-option"])
    return "--no-such-option" in ran.output.partition("No such option")[2]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_yaml_on_a_page_says_keys_that_there_are(page: Path) -> None:
    """At its top, where it is of a scenario and not of a workflow."""
    for text in blocks(page, "yaml"):
        keys = {*re.findall(r"^(\w+):", text, re.MULTILINE)}
        assert keys == {"strategy", "steps"} or keys <= KEYS


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_python_on_a_page_imports_what_there_is(page: Path) -> None:
    """Each block is Python, and the package has the names that it imports."""
    for text in blocks(page, "python"):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ImportFrom) and is_of_package(node):
                module = import_module(str(node.module))
                assert all(hasattr(module, one.name) for one in node.names)


def is_of_package(node: ast.ImportFrom) -> bool:
    """Whether it imports names from a module of the package."""
    return str(node.module).split(".")[0] == "simcoalesce"


def blocks(page: Path, language: str) -> list[str]:
    """Return the blocks of a page in one language."""
    found = BLOCK.findall(page.read_text(encoding="utf-8"))
    return [text for of, text in found if of == language]
