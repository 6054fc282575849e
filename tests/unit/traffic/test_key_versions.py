"""Key versions: which name a request asks for when."""

import pytest

from simcoalesce.traffic.key_versions import KeyVersions
from tests.builders import at_ms


def test_keys_change_their_names_at_an_instant() -> None:
    """From 100 ms on the second version, from 200 ms on a third."""
    versions = KeyVersions(("a", "b"), [200_000_000, 100_000_000])
    (chunk,) = versions.applied([at_ms(99, 100, 199, 200, key=[0, 0, 1, 1])])

    assert [versions.names[key] for key in chunk.key] == [
        "a",
        "a?v=2",
        "b?v=2",
        "b?v=3",
    ]


def test_without_versions_nothing_is_changed() -> None:
    """The names and the requests are the very same."""
    keys, requests = ("a", "b"), at_ms(0, 1, key=[0, 1])
    versions = KeyVersions(keys, [])

    assert versions.names is keys
    assert list(versions.applied([requests])) == [requests]


def test_more_names_than_memory_holds_are_refused() -> None:
    """Three keys in four million versions have twelve million names."""
    with pytest.raises(ValueError, match="12,000,000 names, at most 10,000,000; write"):
        KeyVersions(("a", "b", "c"), range(1, 4_000_000))
