"""Documents: files, what they extend, and their variants."""

from pathlib import Path

import pytest

from simcoalesce.scenario.document import Document
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.yaml.node import plain
from simcoalesce.yaml.validation_error import InvalidScenario, ValidationError
from tests.unit.scenario.builders import TEXT


def _refused(path: Path) -> ValidationError:
    with pytest.raises(InvalidScenario) as caught:
        Document.read(path)
    return caught.value.errors[0]


def _written(folder: Path, **texts: str) -> None:
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text)


def test_a_file_is_merged_over_the_one_that_it_extends(tmp_path: Path) -> None:
    """Tables are merged; lists are replaced."""
    _written(
        tmp_path,
        base="kv: {ttl: 60s, write_latency: 80ms}\npath: [kv.read, origin]\n",
        sale="extends: base.yaml\nkv: {ttl: 5s}\npath: [origin]\n",
    )

    assert plain(Document.read(tmp_path / "sale.yaml").root) == {
        "kv": {"ttl": "5s", "write_latency": "80ms"},
        "path": ["origin"],
    }


def test_variants_are_inherited_and_merged(tmp_path: Path) -> None:
    """A variant of both files has the changes of both."""
    _written(
        tmp_path,
        base="variants: {a: {kv: {ttl: 1s}}, b: {title: B}}",
        sale="extends: ./base.yaml\nvariants: {a: {kv: {ttl: 2s, read_at: end}}}",
    )
    variants = Document.read(tmp_path / "sale.yaml").variants

    assert {name: plain(table) for name, table in variants.items()} == {
        "a": {"kv": {"ttl": "2s", "read_at": "end"}},
        "b": {"title": "B"},
    }


def test_a_name_is_a_files_own(tmp_path: Path) -> None:
    """Two scenarios of one name would be one in every table."""
    _written(tmp_path, base=TEXT, other="extends: base.yaml\n")

    assert Scenario.load(tmp_path / "other.yaml").name == "other"


def test_a_missing_base_is_told_at_the_line_of_extends(tmp_path: Path) -> None:
    """With the position where it was looked for."""
    _written(tmp_path, sale="version: 1\nextends: ./bsae.yaml\n")
    error = _refused(tmp_path / "sale.yaml")

    assert (error.line, error.column) == (2, 10)
    assert 'no file "./bsae.yaml"' in error.message


def test_files_that_extend_each_other_are_refused(tmp_path: Path) -> None:
    """The ring is shown."""
    _written(tmp_path, a="extends: b.yaml\n", b="extends: a.yaml\n")
    error = _refused(tmp_path / "a.yaml")

    assert "a.yaml -> b.yaml -> a.yaml" in error.message
    assert error.file == str(tmp_path / "b.yaml")


def test_a_chain_of_files_has_an_end(tmp_path: Path) -> None:
    """Thirty files that each extend the next are too many."""
    _written(tmp_path, **{f"f{i}": f"extends: f{i + 1}.yaml" for i in range(30)})

    assert "more than 20 files" in _refused(tmp_path / "f0.yaml").message


@pytest.mark.parametrize("written", ["3", "[a.yaml]", "''", "null"])
def test_extends_is_the_name_of_a_file(tmp_path: Path, written: str) -> None:
    """Nothing else."""
    _written(tmp_path, sale=f"extends: {written}\n")

    assert "write the name of a file" in _refused(tmp_path / "sale.yaml").message


def test_the_names_of_a_bases_files_hold_from_its_own_folder(tmp_path: Path) -> None:
    """A base in another folder finds its log, and so does the resolved scenario."""
    log = "{kind: replay, file: log.csv}"
    base = TEXT.replace("{kind: burst, requests: 800, within: 400ms}", log)
    _written(tmp_path / "shared", base=base)
    _written(tmp_path / "own", sale="extends: ../shared/base.yaml\n")
    (tmp_path / "shared" / "log.csv").write_text("t_s\n0\n")
    arrivals = Scenario.load(tmp_path / "own" / "sale.yaml").document()["traffic"]

    assert arrivals["arrivals"][0]["file"] == "../shared/log.csv"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "it is empty"),
        ("# x", "it is empty"),
        ("- a", "is a table"),
        ("a", "is a table"),
    ],
)
def test_a_scenario_is_a_table(text: str, words: str) -> None:
    """A list or a word is none."""
    with pytest.raises(InvalidScenario, match=words):
        Document.parse(text)


@pytest.mark.parametrize(
    ("variants", "where", "words"),
    [
        ("[a]", "variants", "write each variant as NAME"),
        ("{a: 3}", "variants.a", "write what the variant changes"),
        ("{a: {version: 1}}", "variants.a.version", "cannot change this"),
        ("{a: {name: x}}", "variants.a.name", "cannot change this"),
        ("{a: {variants: {}}}", "variants.a.variants", "cannot change this"),
    ],
)
def test_what_is_no_variant(variants: str, where: str, words: str) -> None:
    """It is told without stopping the reading."""
    error = Document.parse(f"variants: {variants}").errors[0]

    assert error.where == where
    assert words in error.message


def test_an_unknown_variant_is_refused_with_those_there_are() -> None:
    """And the nearest."""
    document = Document.parse("variants: {per-key: , naive: }")

    with pytest.raises(
        InvalidScenario, match=r'did you mean "per-key".*per-key, naive'
    ):
        document.chosen("per-kye")


def test_all_overrides_that_are_none_are_told_at_once() -> None:
    """Not one after the other."""
    with pytest.raises(InvalidScenario) as caught:
        Document.parse("a: 1").chosen(overrides=["x", "y"])

    assert len(caught.value.errors) == 2
