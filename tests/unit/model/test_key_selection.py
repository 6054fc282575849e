"""Key selections: what they take, and whom they mean."""

import pytest
from pydantic import TypeAdapter, ValidationError

from simcoalesce.model.key_selection import KeySelection, selected
from simcoalesce.randomness import Stream

KEYS = ["product/1", "product/2", "stock/1", "all"]
FORM: TypeAdapter[str | tuple[str, ...]] = TypeAdapter(KeySelection)


def chosen(written: object, keys: list[str] = KEYS) -> list[str]:
    """Return the names of the keys that a selection means."""
    is_chosen = selected(FORM.validate_python(written), keys, Stream(1, "any"))
    return [key for key, one in zip(keys, is_chosen, strict=True) if one]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("top 2", KEYS[:2]),
        ("top 9", KEYS),
        ("none", []),
        ("stock/1", ["stock/1"]),
        ("product/*", KEYS[:2]),
        (["stock/*", "product/2"], ["product/2", "stock/1"]),
        ("all", ["all"]),
        ("0%", []),
        ("100%", KEYS),
    ],
)
def test_a_selection_means_keys(written: object, meant: list[str]) -> None:
    """By number, name, beginning or share; a key that is called all is meant by it."""
    assert chosen(written) == meant


def test_all_means_all_where_no_key_is_called_so() -> None:
    """The word is a word."""
    assert chosen("all", ["a", "b"]) == ["a", "b"]


def test_a_share_is_drawn_key_by_key() -> None:
    """A tenth of 10,000 keys: 1,000, within four standard deviations (120)."""
    keys = [f"key-{number}" for number in range(10_000)]

    assert abs(len(chosen("10%", keys)) - 1_000) < 120


@pytest.mark.parametrize("written", ["top x", "top 0", "10x%", "", 7, [], [3]])
def test_what_is_no_selection_is_refused(written: object) -> None:
    """With what to write instead."""
    with pytest.raises(ValidationError, match="write"):
        FORM.validate_python(written)


def test_a_name_that_no_key_has_is_refused() -> None:
    """With the names that there are."""
    with pytest.raises(ValueError, match=r'no key is named "x"; the traffic has: prod'):
        chosen("x")
