"""Names and numbers mean nothing: renamed or renumbered, all is as it was.

Renamed: whatever the path says of keys and locations by name is renamed too, no key
gets a tenant that it had not, and no key has a home in a hash ring. Renumbered: where
nothing draws for a key, a location or an isolate by its number (`share_of_keys`, the
ages of what is there at the start, shards of objects), and where no bounded store is
full at the start of keys in their order.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from simcoalesce.model.layer import Layer
from simcoalesce.request import Requests
from tests.metamorphic import (
    KEYS,
    LOCATIONS,
    LONG,
    QUICK,
    a_documented_path,
    documents,
    runs,
    written,
)
from tests.random_scenarios import ALL_PATHS, any_requests

FEW = settings(QUICK, max_examples=60)
_OTHER_KEY, _OTHER_LOCATION = np.array([1, 0]), np.array([1, 0])
_OTHER_ISOLATE = np.array([3, 2, 1, 0])
"""The last of the other location, in place of the first of this one."""


def renamed(value: Any, names: Mapping[str, str]) -> Any:
    """Return the document of a path with other names."""
    if isinstance(value, list):
        return [renamed(one, names) for one in value]
    if isinstance(value, dict):
        return {
            renamed(name, names): renamed(one, names) for name, one in value.items()
        }
    if isinstance(value, str):
        return re.sub("|".join(names), lambda found: names[found[0]], value)
    return value


def without_numbers(value: Any) -> Any:
    """Return the document of a path in which nothing is drawn by a number."""
    if isinstance(value, list):
        return [without_numbers(one) for one in value]
    if not isinstance(value, dict):
        return "10ms" if value == "uniform" else value
    if value.get("keys") == "50%":
        return without_numbers(value | {"keys": "all"})
    same = {"share_of_keys": "100%"}.items() if "share_of_keys" in value else ()
    return {name: without_numbers(one) for name, one in value.items()} | dict(same)


def is_full_at_first(path: list[Layer]) -> bool:
    """Say whether a bounded store holds keys at the start, the first of them last."""
    return any(
        getattr(layer, "initial", None) and getattr(layer, "max_entries", None)
        for layer in path
    )


def check_names(path: list[Layer], requests: Requests, seed: int) -> None:
    """Assert that other names change nothing."""
    names = {"key-0": "b", "key-1": "a", "at-0": "z", "at-1": "y"}
    other = a_documented_path(renamed(documents(path), names))
    after = runs(other, requests, seed=seed, keys=("b", "a"), locations=("z", "y"))
    for engine, before in runs(path, requests, seed=seed).items():
        assert written(after[engine]) == written(before), engine


def check_numbers(path: list[Layer], requests: Requests, seed: int) -> None:
    """Assert that keys, locations and isolates may change their numbers."""
    numbered = without_numbers(documents(path))
    assume("shards" not in repr(numbered) and not is_full_at_first(path))
    names = {"key-0": "key-1", "key-1": "key-0", "at-0": "at-1", "at-1": "at-0"}
    other = replace(
        requests,
        key=_OTHER_KEY[requests.key],
        location=_OTHER_LOCATION[requests.location],
        isolate=_OTHER_ISOLATE[requests.isolate],
    )
    after = runs(a_documented_path(renamed(numbered, names)), other, seed=seed)
    for engine, before in runs(
        a_documented_path(numbered), requests, seed=seed
    ).items():
        found = written(after[engine])
        columns, calls = found["request_rows"], found["origin_rows"]
        calls[1] = [_OTHER_KEY[key] for key in calls[1]]
        for column, other_of in enumerate(
            (_OTHER_KEY, _OTHER_LOCATION, _OTHER_ISOLATE), 1
        ):
            columns[column] = other_of[columns[column]].tolist()
        assert found == written(before), engine


def check_nobody(path: list[Layer], requests: Requests, seed: int) -> None:
    """Assert that a key that nobody asks for, and a location, change nothing."""
    assume(not is_full_at_first(path))
    assume(all(getattr(layer, "scope_", "") != "region" for layer in path))
    more: Any = {"keys": (*KEYS, "key-2"), "locations": (*LOCATIONS, "at-2")}
    after = runs(path, requests, seed=seed, **more)
    for engine, before in runs(path, requests, seed=seed).items():
        assert written(after[engine]) == written(before), engine


@given(path=ALL_PATHS, requests=any_requests(), seed=st.integers(0, 9))
@FEW
def test_other_names_of_keys_and_locations_change_nothing(
    path: list[Layer], requests: Requests, seed: int
) -> None:
    """In another alphabetic order, too."""
    check_names(path, requests, seed)


@given(path=ALL_PATHS, requests=any_requests(), seed=st.integers(0, 9))
@FEW
def test_other_numbers_of_keys_locations_and_isolates_change_nothing(
    path: list[Layer], requests: Requests, seed: int
) -> None:
    """Ties are decided by requests, and by nothing that has a number besides."""
    check_numbers(path, requests, seed)


@given(path=ALL_PATHS, requests=any_requests(), seed=st.integers(0, 9))
@FEW
def test_keys_and_locations_that_nobody_asks_for_change_nothing(
    path: list[Layer], requests: Requests, seed: int
) -> None:
    """Nor do they draw what others would have drawn."""
    check_nobody(path, requests, seed)


@pytest.mark.slow
@given(path=ALL_PATHS, requests=any_requests(), seed=st.integers(0, 9))
@LONG
def test_names_and_numbers_mean_nothing_in_thousands_of_scenarios(
    path: list[Layer], requests: Requests, seed: int
) -> None:
    """The same again, for longer."""
    check_names(path, requests, seed)
    check_nobody(path, requests, seed)
    check_numbers(path, requests, seed)
