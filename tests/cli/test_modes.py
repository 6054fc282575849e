"""A time that is now early, now late is told as that, and never as a mean."""

import json
from pathlib import Path

import pytest

from tests.cli.command_line import command

TWO = "131 ms in 4 of 5 runs, 301.1 s in one"
MORE = """
expect: ["first_rejected_at_s >= 60s"]
claims: [{text: After a minute., holds_if: first_rejected_at_s >= 60}]
variants: {more: {origin: {rate_limit: {kind: sliding_window, limit: 90, per: 1s}}}}
"""


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """Return the case with an expectation, a claim and a variant."""
    path = tmp_path / "two-modes.yaml"
    path.write_text(Path("tests/assets/explain/two-modes.yaml").read_text() + MORE)
    return path


def test_a_run_tells_in_how_many_runs_the_first_refusal_is_when(case: Path) -> None:
    """In its sentence and beside its verdict, with the question that has an answer."""
    told = " ".join(command("run", case).out.split())

    assert "the first after 131 ms in 4 of 5 runs, at t = 301 s in one" in told
    assert f"first_rejected_at_s >= 60s: {TWO}" in told
    assert "ask e.g. share(first_rejected_at_s >= 60s) >= 90%" in told
    assert "t = 60 s" not in told


def test_the_document_has_the_groups_with_the_estimate(case: Path) -> None:
    """Of the metric and of the expectation; other metrics have none."""
    document = json.loads(command("run", case, "--json").out)
    known = document["metrics"]["first_rejected_at_s"]

    assert [mode["runs"] for mode in known["modes"]] == [4, 1]
    assert document["expectations"][0]["modes"] == known["modes"]
    assert "modes" not in document["metrics"]["latency_p50_s"]


def test_a_comparison_has_no_change_of_such_means(case: Path) -> None:
    """Nothing happens at 60 s, before or after."""
    told = " ".join(
        command("compare", case, "@more", "--metric", "first_rejected_at_s").out.split()
    )

    assert TWO in told
    assert "change: - 95 % of change: -" in told


def test_a_claim_is_told_with_its_groups(case: Path) -> None:
    """In text and document."""
    text = command("explain", case).out
    document = json.loads(command("explain", case, "--json").out)
    (claim,) = document["claim_results"]

    assert "first_rejected_at_s (0.131 in 4 runs, 301 in 1 run) >= 60" in text
    assert "the first refusal is after 131 ms in 4 of 5 runs, at t = 301 s in" in text
    (statement,) = claim["circumstances"][0]["statements"]
    assert [mode["runs"] for mode in statement["left_modes"]] == [4, 1]


def test_an_event_of_some_runs_is_told_with_how_many(tmp_path: Path) -> None:
    """One burst in ten is refused; no number of runs gives a mean to never."""
    case = Path("tests/assets/explain/rare-refusal.yaml").read_text()
    path = tmp_path / "rare.yaml"
    path.write_text(
        case.replace("limit: 435", "limit: 420").replace(
            "origin_rejected == 0", "first_rejected_at_s >= 60s"
        )
    )
    told = " ".join(command("run", path).out.split())

    assert "first_rejected_at_s >= 60s: 202 ms in 3 of 30 runs, else never" in told
    assert "ask e.g. share(first_rejected_at_s >= 60s) >= 90%" in told
    assert "the first after 202 ms in 3 of 30 runs;" in told
    assert "would decide" not in told
