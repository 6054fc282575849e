"""Nodes are values that know their position."""

from dataclasses import replace

from simcoalesce.yaml.node import (
    MappingNode,
    Source,
    count,
    newest,
    plain,
    rewritten,
    written,
)
from tests.unit.scenario.builders import a_table

TEXT = "{a: [1, {b: 2}], c: null}"


def moved_to(source: Source, text: str) -> MappingNode:
    """Return the mapping of a text, as part of another source."""
    return rewritten(a_table(text), lambda at: replace(at, source=source))


def test_the_values_of_a_node() -> None:
    """Without their places."""
    assert plain(a_table(TEXT)) == {"a": [1, {"b": 2}], "c": None}


def test_a_way_is_written_as_a_user_would() -> None:
    """Keys after dots, indices in brackets."""
    assert written(["path", 1, "kv.write", "ttl"]) == "path[1].kv.write.ttl"


def test_every_value_list_and_table_counts() -> None:
    """The root, the list, 1, the table, 2 and null."""
    assert count(a_table(TEXT)) == 6


def test_a_node_moves_with_all_that_it_holds() -> None:
    """And stays at its line."""
    variant = Source("sale.yaml", rank=7, change="variant fast")
    table = moved_to(variant, TEXT)

    assert newest(table) == 7
    assert plain(table) == plain(a_table(TEXT))
    assert table.position.line == 1


def test_the_newest_part_makes_a_table_new() -> None:
    """A change of one parameter is a change of all the value."""
    table = a_table(TEXT)
    change = moved_to(Source("-s", rank=9), "{d: 1}")

    assert newest(table.with_entry("d", change.entries["d"])) == 9
    assert newest(table) == 0


def test_a_table_can_be_cut_down() -> None:
    """To some keys, or to the others."""
    table = a_table(TEXT)

    assert plain(table.only(["a"])).keys() == {"a"}
    assert plain(table.without(["a"])).keys() == {"c"}
