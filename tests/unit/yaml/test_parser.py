"""YAML becomes nodes with places, within bounds."""

import time

import pytest

from simcoalesce.yaml import parser
from simcoalesce.yaml.node import MappingNode, ScalarNode, SequenceNode, plain
from simcoalesce.yaml.parser import DEEPEST, parsed_yaml
from simcoalesce.yaml.source_text import source_of
from simcoalesce.yaml.validation_error import InvalidScenario, ValidationError
from tests.unit.scenario.builders import a_node, a_table


def _refused(text: str) -> ValidationError:
    with pytest.raises(InvalidScenario) as caught:
        parsed_yaml(text, source_of(text, "part.yaml"))
    return caught.value.errors[-1]


def _errors(text: str) -> list[ValidationError]:
    return parsed_yaml(text, source_of(text, "part.yaml"))[1]


def test_every_key_and_value_has_its_position() -> None:
    """Line, column and width, from 1."""
    key, value = a_table("kv:\n  read_latency: 8 miles\n").entries["kv"]
    inner = value.entries["read_latency"] if isinstance(value, MappingNode) else None

    assert (key.line, key.column, key.width) == (1, 1, 2)
    assert inner is not None
    assert (inner.key.line, inner.key.column, inner.key.width) == (2, 3, 12)
    position = inner.value.position
    assert (position.line, position.column, position.width) == (2, 17, 7)


def test_values_are_those_of_yaml() -> None:
    """Quotes keep a text a text."""
    node = a_node("a: [1, '1', \"x\", 80ms, null]\nb: |\n  x\n  y\n")

    assert plain(node) == {"a": [1, "1", "x", "80ms", None], "b": "x\ny\n"}


def test_keys_are_texts() -> None:
    """A location may be named 1, and a phase null."""
    assert plain(a_node("1: a\nnull: b\n")) == {"1": "a", "null": "b"}


def test_an_empty_text_has_no_document() -> None:
    """Comments are nothing."""
    assert parsed_yaml("# nothing\n", source_of("", "part.yaml")) == (None, [])


def test_an_alias_stands_for_what_it_names() -> None:
    """The node is shared."""
    assert plain(a_node("a: &x [1, 2]\nb: *x\n"))["b"] == [1, 2]


def test_aliases_that_explode_are_refused_at_once() -> None:
    """A billion laughs cost no more than the first few of them."""
    lines = ["a0: &a0 [lol, lol]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 60)]
    started = time.process_time()

    assert "aliases followed" in _refused("\n".join(lines)).message
    assert time.process_time() - started < 2


def test_a_document_of_too_many_values_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Even without an alias."""
    monkeypatch.setattr(parser, "MOST_NODES", 1_000)

    assert "1,000 values up to here" in _refused("- 1\n" * 1_001).message


def test_an_alias_cannot_stand_inside_itself() -> None:
    """The position is the alias's."""
    error = _refused("a: &x [1, *x]")

    assert "inside itself" in error.message
    assert error.column == 11


def test_an_alias_needs_an_anchor() -> None:
    """It must come before."""
    assert '"&y"' in _refused("a: *y").message


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_depth_is_bounded(opening: str) -> None:
    """No recursion of Python's ends it, and no time is lost."""
    started = time.process_time()

    assert "levels deep" in _refused(opening * 100_000).message
    assert time.process_time() - started < 2


def test_the_allowed_depth_is_read() -> None:
    """One level less is a document."""
    text = "[" * DEEPEST + "]" * DEEPEST

    assert isinstance(a_node(text), SequenceNode)


def test_every_key_that_stands_twice_is_told_with_both_positions() -> None:
    """And reading goes on."""
    first, second = _errors("a: 1\na: 2\nb: {c: 1, c: 2}\n")

    assert (first.line, first.column) == (2, 1)
    assert "already set at line 1, column 1" in first.message
    assert (second.line, second.column) == (3, 11)


def test_of_a_key_that_stands_twice_the_first_counts() -> None:
    """So that what follows is checked once."""
    node = parsed_yaml("a: 1\na: 2\n", source_of("", "part.yaml"))[0]

    assert node is not None
    assert plain(node) == {"a": 1}


def test_a_second_document_is_refused_where_it_starts() -> None:
    """A file holds one scenario."""
    error = _refused("a: 1\n---\nb: 2\n")

    assert error.line == 2
    assert "second document" in error.message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: !foo 1", "tag !foo"),
        ("a: !!int 1", "tag"),
        ("a: !foo [1]", "tag !foo"),
        ("<<: {a: 1}", "merge keys"),
        ("? [a]\n: 1", "a key must be a word"),
        ('a: "\\ud800"', "half a character"),
    ],
)
def test_what_yaml_allows_and_a_scenario_does_not(text: str, words: str) -> None:
    """It is told, and reading goes on."""
    assert words in _errors(text)[0].message


def test_a_tag_that_says_text_makes_a_text() -> None:
    """``!!str`` is the one tag that means something."""
    node = a_table("a: !!str 1").get("a")

    assert isinstance(node, ScalarNode)
    assert node.value == "1"
