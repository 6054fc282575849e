"""The sentences of a closed form: what it predicts, and why that may be off."""

import re

import pytest

from simcoalesce.explain.closed_form.closed_form import closed_form
from simcoalesce.report.blocks.closed_form_sentences import closed_form_lines
from tests.unit.explain.builders import a_scenario

NO_LIMIT = "origin.rate_limit=unlimited"


def lines(*overrides: str) -> str:
    """Return the sentences of a law."""
    found = closed_form(a_scenario(NO_LIMIT, *overrides), seed=1)
    assert found is not None
    return " ".join(closed_form_lines(found))


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("[kv.read, single_flight, kv.write, origin]", "in each isolate, of 50: "),
        ("[kv.read, durable_object, kv.write, origin]", "in an object: 1 call;"),
        ("[cdn, origin]", "in the cache: 1 call;"),
        ("[lock, origin]", "An expired key takes no lock: then all "),
        (
            "[kv.read, durable_object, {kv.write: {acknowledge: background}}, origin]",
            "but for no longer than 60 ms, and then another begins: 2 calls;",
        ),
    ],
)
def test_the_closed_form_says_where_misses_share_fetches(path: str, told: str) -> None:
    """Who arrives in the miss window misses there, and does not call."""
    known = lines(f"path={path}")

    assert "Every request that arrives within it misses:" in known
    assert told in known


def test_readers_who_lose_patience_are_told() -> None:
    """With the part of a fetch in which they come."""
    known = lines("path=[bounded_retries, origin]", "origin.latency=1200ms")

    assert "but requests of its first 300 ms stop waiting, and fetch" in known


def test_reasons_are_given_for_what_does_not_agree() -> None:
    """And none where a shared fetch is as predicted."""
    two_places = "traffic.locations={a: 1, b: 1}"
    shared = lines("path=[kv.read, durable_object, kv.write, origin]", two_places)
    failing = lines("origin.faults=[{kind: first, calls: 60, status: 500}]")

    assert "Note:" not in shared
    assert "Why: some of these calls fail, and an error is not stored" in failing


def test_calls_of_requests_that_ask_no_cache_are_told_besides() -> None:
    """Of 200 about a hundred, where half of them are POSTs; and none otherwise."""
    burst = "{kind: burst, requests: 200, within: 200ms, bypass: 50%}"
    told = lines(f"traffic.arrivals=[{burst}]")

    (posts,) = re.findall(r"Besides, ([\d.]+) requests for it meanwhile ask no", told)
    assert 85 < float(posts) < 115
    assert "Besides" not in lines()
