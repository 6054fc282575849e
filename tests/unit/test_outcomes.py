"""Outcomes: whole nanoseconds inside, tables in seconds outside."""

import numpy as np
import pytest

from simcoalesce.outcomes import NEVER, Lookup, Outcomes, Role
from tests.builders import a_path, an_origin, at_ms, simulated


@pytest.fixture(scope="module")
def outcomes() -> Outcomes:
    """Return a run of a miss, its follower, a hit and a refusal."""
    limit = {"kind": "fixed_window", "limit": 1, "per": "1h"}
    path = a_path("kv.read", "single_flight", "kv.write", an_origin(rate_limit=limit))
    requests = at_ms(0, 40, 300, 400, key=[0, 0, 0, 1], location=[0, 0, 0, 1])
    return simulated(path, requests)


def test_the_table_of_requests_has_the_columns_of_the_contract(
    outcomes: Outcomes,
) -> None:
    """Also the testbed's table has them."""
    assert [*outcomes.requests.columns] == [
        *("request", "key", "location", "isolate"),
        *("arrived_at_s", "completed_at_s", "latency_s"),
        *("status", "lookup", "role", "served_by", "age_s", "attempts"),
    ]


def test_the_table_of_requests_speaks_seconds_and_names(outcomes: Outcomes) -> None:
    """The hit: 300 ms after the start, served by the cache in 5 ms, 180 ms old."""
    row = outcomes.requests.iloc[2].to_dict()

    assert (row["arrived_at_s"], row["latency_s"]) == (0.3, 0.005)
    assert (row["key"], row["location"], row["served_by"]) == ("key-0", "at-0", "kv")
    assert (row["lookup"], row["role"], row["age_s"]) == ("hit", "none", 0.18)


def test_what_has_no_age_has_none(outcomes: Outcomes) -> None:
    """Not a number, rather than minus one."""
    assert outcomes.requests["age_s"].isna().tolist() == [True, True, False, True]


def test_roles_are_named(outcomes: Outcomes) -> None:
    """Who fetched, who waited, who did neither."""
    roles = outcomes.requests["role"].tolist()

    assert roles == ["leader", "follower", "none", "leader"]


def test_the_table_of_calls_has_the_columns_of_the_contract(
    outcomes: Outcomes,
) -> None:
    """One row for each call that the origin received."""
    assert outcomes.origin_hits.to_dict("list") == {
        "request": [0, 3],
        "key": ["key-0", "key-1"],
        "called_at_s": [0.005, 0.405],
        "completed_at_s": [0.125, 0.415],
        "status": [200, 429],
        "version": [0, 0],
    }


def test_the_table_of_usage_has_a_row_for_each_unit(outcomes: Outcomes) -> None:
    """The same numbers as the mapping."""
    table = outcomes.usage_table

    assert dict(zip(table["unit"], table["quantity"], strict=True)) == outcomes.usage


def test_an_error_is_no_usable_answer(outcomes: Outcomes) -> None:
    """A status of 400 or above."""
    assert outcomes.request_rows.answered.tolist() == [True, True, True, False]


def test_latency_is_from_arrival_to_answer(outcomes: Outcomes) -> None:
    """In whole nanoseconds."""
    rows = outcomes.request_rows

    assert rows.latency_ns.dtype == np.int64
    assert np.array_equal(rows.latency_ns, rows.completed_at_ns - rows.arrived_at_ns)


def test_codes_do_not_change() -> None:
    """Stored rows are read by later versions."""
    assert [int(code) for code in (*Lookup, *Role, NEVER)] == [
        *(0, 1, 2, 3),
        *(0, 1, 2),
        -1,
    ]


def test_a_last_column_says_which_requests_are_posts() -> None:
    """Where there is one; a table without says that all are GETs."""
    posts = simulated(a_path("kv.read", an_origin()), at_ms(0, 40, bypass=[1]))

    assert posts.requests.method.tolist() == ["GET", "POST"]
    assert posts.requests.columns[-1] == "method"
