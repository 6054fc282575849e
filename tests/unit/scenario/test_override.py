"""KEY=VALUE changes one value, wherever it is."""

import pytest

from simcoalesce.scenario.override import Override
from simcoalesce.yaml.node import plain
from simcoalesce.yaml.validation_error import InvalidScenario
from tests.unit.scenario.builders import a_table


def _changed(text: str, override: str) -> object:
    return plain(Override.parse(override).applied(a_table(text)))


@pytest.mark.parametrize(
    ("text", "override", "expected"),
    [
        ("{kv: {ttl: 60s}}", "kv.ttl=5s", {"kv": {"ttl": "5s"}}),
        ("{seed: 1}", " seed = 2 ", {"seed": 2}),
        ("{a: 1}", "kv.ttl=5s", {"a": 1, "kv": {"ttl": "5s"}}),
        ("{a: [{x: 1}, {x: 2}]}", "a[1].x=3", {"a": [{"x": 1}, {"x": 3}]}),
        ("{a: [1, 2]}", "a[0]=[7]", {"a": [[7], 2]}),
        ("{a: 1}", "a={x: {y: 1}}", {"a": {"x": {"y": 1}}}),
        ("{a: 1}", "a.x=2", {"a": {"x": 2}}),
        ("{a: 1}", "a=", {"a": None}),
        ("{a: x}", "a=b=c", {"a": "b=c"}),
        ("{path: [kv.read]}", "path[0].kv.read.x=1", {"path": [{"kv.read": {"x": 1}}]}),
        (
            "{path: [{kv.read: {x: 1}}]}",
            "path[0].kv.read.x=2",
            {"path": [{"kv.read": {"x": 2}}]},
        ),
    ],
)
def test_a_change(text: str, override: str, expected: object) -> None:
    """The value is YAML; what is not there yet is made."""
    assert _changed(text, override) == expected


def test_a_table_is_merged_like_a_variant() -> None:
    """Flags follow the same rule as files."""
    text = "{kv: {write_latency: {median: 1ms, p99: 2ms}}}"

    assert _changed(text, "kv.write_latency={p99: 3ms}") == {
        "kv": {"write_latency": {"median": "1ms", "p99": "3ms"}}
    }


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("kv", "write KEY=VALUE"),
        ("=1", "write KEY=VALUE"),
        ("a..b=1", "write KEY=VALUE"),
        ("a[x]=1", "write KEY=VALUE"),
        ("variants.x=1", "cannot be changed here"),
        ("version=2", "cannot be changed here"),
        ("a=[1", "never closed"),
        ("a={x: 1, x: 2}", "stands twice"),
        (".".join("a" * 50) + "=1", "cannot be changed here"),
    ],
)
def test_what_is_no_change(override: str, words: str) -> None:
    """The error quotes the change."""
    with pytest.raises(InvalidScenario, match=words) as caught:
        Override.parse(override)

    assert caught.value.errors[0].location == f"-s {override}"


@pytest.mark.parametrize(
    ("text", "words"), [("{a: [1]}", "it has 1"), ("{a: 1}", "it is no list")]
)
def test_an_element_that_is_not_there(text: str, words: str) -> None:
    """A list is not made longer by a change."""
    with pytest.raises(InvalidScenario, match=words):
        _changed(text, "a[3].x=1")
