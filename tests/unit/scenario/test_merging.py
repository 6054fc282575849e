"""Changes are merged key by key; lists, values and other choices replace."""

import pytest

from simcoalesce.scenario.merging import merged
from simcoalesce.yaml.node import plain
from tests.unit.scenario.builders import a_table


@pytest.mark.parametrize(
    ("below", "above", "expected"),
    [
        ("{a: {x: 1, y: 2}}", "{a: {y: 3}}", {"a": {"x": 1, "y": 3}}),
        ("{a: [1, 2]}", "{a: [3]}", {"a": [3]}),
        ("{a: 1}", "{a: {x: 1}}", {"a": {"x": 1}}),
        ("{a: {x: 1}}", "{a: 1}", {"a": 1}),
        ("{a: {x: 1}}", "{a: null}", {"a": None}),
        (
            "{a: {kind: one, key: x}}",
            "{a: {kind: zipf, n: 3}}",
            {"a": {"kind": "zipf", "n": 3}},
        ),
        (
            "{a: {kind: zipf, s: 1}}",
            "{a: {n: 3}}",
            {"a": {"kind": "zipf", "s": 1, "n": 3}},
        ),
        (
            "{a: {median: 1, p99: 2}}",
            "{a: {mean: 3, cv: 1}}",
            {"a": {"mean": 3, "cv": 1}},
        ),
        ("{a: {median: 1, p99: 2}}", "{a: {p99: 3}}", {"a": {"median": 1, "p99": 3}}),
        ("{month: {events: 1}}", "{month: {hours: 3}}", {"month": {"hours": 3}}),
        (
            "{month: {events: 1, base: {kv_reads: 5}}}",
            "{month: {hours: 3}}",
            {"month": {"hours": 3, "base": {"kv_reads": 5}}},
        ),
    ],
)
def test_deep_merge(below: str, above: str, expected: object) -> None:
    """What makes another choice drops the parameters of the old one."""
    assert plain(merged(a_table(below), a_table(above))) == expected


def test_a_merged_table_keeps_the_position_of_its_values() -> None:
    """Errors go to where a value was written."""
    both = merged(a_table("{a: 1, b: 1}", "base"), a_table("{b: 2}", "change"))
    names = {
        key: entry.value.position.source.name for key, entry in both.entries.items()
    }

    assert names == {"a": "base", "b": "change"}
