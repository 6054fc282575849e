"""One word, one meaning: the package says the terms of its glossary, and no others."""

import ast
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from simcoalesce.cli import group
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.validation.host_latency import HostLatency
from simcoalesce.validation.measure import MeasuredRun
from simcoalesce.validation.validate import Validation
from tests.builders import at_ms
from tests.cli.command_line import SALE, command
from tests.unit.explain.builders import INCIDENT, NAIVE
from tests.unit.report.builders import a_flash_sale
from tests.vocabulary import (
    FILES,
    RETIRED,
    Retired,
    Said,
    classes,
    css_classes,
    file_names,
    keys_of,
    lines,
    public_names,
    words_of,
)


def called(retired: Retired) -> str:
    """Return the name of a row for the test report: its room and its first word."""
    return f"{retired.inside.rpartition('/')[2]} {retired.words[0]}".strip()


EACH_WORD = pytest.mark.parametrize("retired", RETIRED, ids=called)
SAID_NOWHERE = pytest.mark.parametrize(
    "retired", [one for one in RETIRED if one.in_sentences], ids=called
)


def said_still(retired: Retired, said: Iterable[Said]) -> str:
    """Return what still says a retired word, a line each; empty if nothing does."""
    lines = [
        f"{file}: {' '.join(text.split())[:70]}"
        for text, file in sorted(set(said))
        if file.startswith(retired.inside) and words_of(text) & {*retired.words}
    ]
    return "\n".join([f"say {retired.instead}:", *lines]) if lines else ""


names = cache(lambda: [*public_names()])
texts = cache(lambda: [*lines(), *helps()])


def helps() -> Iterator[Said]:
    """Yield what `--help` of every command says."""
    for name in ("", *group.list_commands(None)):  # type: ignore[arg-type]
        yield Said(command(*filter(None, (name,)), "--help").out, f"help of {name}")


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return one small document of each kind that the command line writes."""
    folder = tmp_path_factory.mktemp("documents")
    sale, incident = folder / "sale.yaml", folder / "incident.yaml"
    sale.write_text(SALE)
    incident.write_text(NAIVE + INCIDENT)
    printed = {
        "simcoalesce/experiment/run": command("run", sale, "--json"),
        "simcoalesce/experiment/compare": command(
            *("compare", sale, f"{sale}@per-key", "--json")
        ),
        "simcoalesce/explain/explain": command(
            *("explain", incident, "--reps", "3", "--json")
        ),
        "simcoalesce/explain/why": command("why", sale, "--json"),
        "simcoalesce/scenario/schema": command("schema"),
    }
    return {
        **{name: json.loads(ran.out) for name, ran in printed.items()},
        "simcoalesce/validation/validate": a_measurement_document(sale),
    }


def a_measurement_document(file: Path) -> dict[str, Any]:
    """Return what `validate` writes."""
    latency = HostLatency(((0, 60_000),), ((0, 50_000),), 8_000)
    run = MeasuredRun(a_flash_sale(), at_ms(0), (), 10, latency)
    return Validation(Scenario.load(file), "workerd 1", run, ()).document()


@EACH_WORD
def test_no_public_name_has_a_retired_word(retired: Retired) -> None:
    """Classes, functions, methods, fields, attributes, parameters and constants."""
    assert not said_still(retired, names())


@EACH_WORD
def test_no_file_has_a_retired_word(retired: Retired) -> None:
    """Files and folders of the package, its tests and its pages."""
    assert not said_still(retired, file_names())


@EACH_WORD
def test_no_document_has_a_retired_word(
    retired: Retired, documents: dict[str, Any]
) -> None:
    """The keys of all that automation reads, and of the schema of scenarios."""
    said = {
        Said(key, file)
        for file, document in documents.items()
        for key in keys_of(document)
    }

    assert not said_still(retired, said)


@EACH_WORD
def test_no_page_has_a_retired_word_in_its_style(retired: Retired) -> None:
    """The classes and variables of its style sheet."""
    assert not said_still(retired, css_classes())


@SAID_NOWHERE
def test_no_line_has_a_word_that_is_said_nowhere(retired: Retired) -> None:
    """What `--help` says; texts, docstrings, comments, private and local names."""
    assert not said_still(retired, texts())


@pytest.mark.parametrize(
    "phrase",
    [
        *("all fits, if", "still untrue", "back without it", "nobody can tell"),
        "can't tell",
        *("WHAT MADE THE CALLS", "Mind:", "no setting does", "zoom on the"),
        *("meet the same ones", "meets other visitors", "door is open"),
    ],
)
def test_no_line_has_a_retired_phrase(phrase: str) -> None:
    """A colleague who reads English as a third language gets a sentence at once."""
    assert [said for said in texts() if phrase in said.text] == []


def test_no_class_name_stands_for_two_things() -> None:
    """A name is found in one file."""
    counts = Counter(name for name, _ in classes())

    assert {name for name, count in counts.items() if count > 1} == set()


@pytest.mark.parametrize("word", ["engine", "part", "run", "simulate", "tally"])
def test_what_simulates_is_called_one_thing(word: str) -> None:
    """One module and one function at most, but for files of commands."""
    modules = [path for path in FILES if path.stem == word and "cli" not in path.parts]
    functions = [
        path
        for path in FILES
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name == word
    ]

    assert len(modules) <= 1
    assert len(functions) <= 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("FrontDoor", {"front", "door"}),
        ("door_of_KVRead", {"door", "of", "kv", "read"}),
        ("indoors", {"indoors"}),
        ("flash_crowd, FlashCrowd", set()),
    ],
)
def test_words_are_whole(text: str, words: set[str]) -> None:
    """Of snake_case, of CamelCase, of sentences; terms of the field are left out."""
    assert words_of(text) == words


def test_every_retired_word_is_listed_once_in_a_room() -> None:
    """The table says one thing of each word."""
    rooms = Counter((word, inside) for words, _, inside, _ in RETIRED for word in words)

    assert max(rooms.values()) == 1
