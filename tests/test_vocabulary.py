"""One word, one meaning: the package says the terms of its glossary, and no others."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
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
    RETIRED,
    Retired,
    Said,
    classes,
    css_classes,
    file_names,
    keys_of,
    public_names,
    sentences,
    words_of,
)

LEFT_TO_DO = ["shelf", "luck", "life", "park", "place", "tire", "compiled"]
"""Words of names in compiled/ that are being renamed."""


def each_word(but: Collection[str] = ()) -> list[Any]:
    """Return the retired words, each called by its room and its first form."""
    todo = pytest.mark.xfail(reason="being renamed", strict=False)
    names = [f"{one.inside.rpartition('/')[2]} {one.words[0]}" for one in RETIRED]
    return [
        pytest.param(one, id=name.strip(), marks=[todo] * (name.split()[0] in but))
        for one, name in zip(RETIRED, names, strict=True)
    ]


def said_still(retired: Retired, said: Iterable[Said]) -> str:
    """Return what still says a retired word, a line each; empty if nothing does."""
    lines = [
        f"{file}: {' '.join(text.split())[:70]}"
        for text, file in sorted(set(said))
        if file.startswith(retired.inside) and words_of(text) & {*retired.words}
    ]
    return "\n".join([f"say {retired.instead}:", *lines]) if lines else ""


names = cache(lambda: [*public_names()])
texts = cache(lambda: [*sentences(), *helps()])


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


@pytest.mark.parametrize("retired", each_word(but=LEFT_TO_DO))
def test_no_public_name_has_a_retired_word(retired: Retired) -> None:
    """Classes, functions, methods, fields, attributes, parameters and constants."""
    assert not said_still(retired, names())


@pytest.mark.parametrize("retired", each_word())
def test_no_file_has_a_retired_word(retired: Retired) -> None:
    """Files and folders of the package, its tests and its pages."""
    assert not said_still(retired, file_names())


@pytest.mark.parametrize("retired", each_word())
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


@pytest.mark.parametrize("retired", each_word())
def test_no_page_has_a_retired_word_in_its_style(retired: Retired) -> None:
    """The classes and variables of its style sheet."""
    assert not said_still(retired, css_classes())


@pytest.mark.parametrize("retired", each_word())
def test_no_sentence_has_a_retired_word(retired: Retired) -> None:
    """What `--help` of each command says, and every text that the package may show."""
    if retired.in_sentences:
        assert not said_still(retired, texts())


def test_no_class_name_stands_for_two_things() -> None:
    """A name is found in one file."""
    counts = Counter(name for name, _ in classes())

    assert {name for name, count in counts.items() if count > 1} == set()


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
