"""Values are written so that the reader gets the same values."""

from typing import Any

import pytest

from simcoalesce.yaml.node import plain
from simcoalesce.yaml.parser import parsed_yaml
from simcoalesce.yaml.source_text import source_of
from simcoalesce.yaml.writer import flow_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("20ms", "20ms"),
        ("21:00", '"21:00"'),
        ("1", '"1"'),
        ("", '""'),
        ("a, b", '"a, b"'),
        (None, "null"),
        ([True, 1.5, {"kv.read": {"a b": []}}], "[true, 1.5, {kv.read: {a b: []}}]"),
    ],
)
def test_what_is_written_is_read_again(value: Any, text: str) -> None:
    """Quotes stand only where a text would be something else without them."""
    node, errors = parsed_yaml(text, source_of(text, "part.yaml"))

    assert flow_text(value) == text
    assert node is not None
    assert (plain(node), errors) == (value, [])
