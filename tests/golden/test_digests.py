"""The same scenario, seed and version give the same numbers: release after release."""

import pytest

from simcoalesce.outcomes import Outcomes
from tests.builders import a_path, an_origin, at_ms, simulated
from tests.golden import digests as golden
from tests.shipped import SCENARIOS, labels

REFRESH = "python -m tests.golden.digests"
EVERY = labels(SCENARIOS)


def change(before: golden.Digests | None, now: golden.Digests) -> str:
    """Return what is different, and what to do; empty if nothing is."""
    if before == now:
        return ""
    if before is None or before["scenario"] != now["scenario"]:
        return f"The scenario is another one. Record its results: {REFRESH}"
    moved = ", ".join(table for table in now if now[table] != before[table])
    return (
        f"The scenario is the same and its results are others: {moved}. If that is"
        f" meant, record them ({REFRESH}), say what changed and why under *Changed"
        " results* in CHANGELOG.md, and raise MODEL_VERSION."
    )


@pytest.mark.parametrize("label", EVERY)
def test_a_scenario_says_what_it_said_before(label: str) -> None:
    """A number moves only on purpose."""
    assert change(golden.recorded().get(label), golden.digests(label)) == ""


def test_nothing_is_recorded_that_is_no_longer_shipped() -> None:
    """A scenario that is gone takes its digests with it."""
    assert sorted(set(golden.recorded()) - set(EVERY)) == [], REFRESH


def test_a_digest_sees_one_nanosecond() -> None:
    """One request that is answered a nanosecond later is another result."""
    first, second = (_run(latency) for latency in ("10ms", "10.000001ms"))

    changed = {
        table: digest
        for table, digest in golden.tables(second).items()
        if digest != golden.tables(first)[table]
    }

    assert list(changed) == ["requests", "origin_hits"]


def test_a_change_of_results_is_told_from_a_change_of_the_scenario() -> None:
    """Only the first one belongs in the changelog."""
    before = {"scenario": "a", "requests": "b"}

    assert change(before, before) == ""
    assert "CHANGELOG" in change(before, before | {"requests": "c"})
    assert "CHANGELOG" not in change(before, {"scenario": "d", "requests": "c"})


def _run(latency: str) -> Outcomes:

    return simulated(a_path(an_origin(latency)), at_ms(0))
