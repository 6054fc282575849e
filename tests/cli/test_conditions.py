"""One language, wherever the command line or a scenario says what must be true."""

import json
from pathlib import Path

import pytest

from tests.cli.command_line import command

INCIDENT = """
observations: [{text: half called, that: 30% <= origin_hits / requests <= 60%}]
claims:
  - {text: One object does., holds_if: origin_hits@per-key <= 10% * origin_hits}
"""


def test_an_expectation_may_compare_any_expressions(sale: Path) -> None:
    """A chain, shares, durations, and two statements in one line."""
    sale.write_text(
        sale.read_text().replace(
            "expect: [requests == 40]",
            "expect:\n"
            "  - 20% * requests <= origin_hits <= requests\n"
            "  - latency_p50_s < 1s and errors > 5\n"
            "  - latency_max_s - latency_p50_s <= 200ms\n",
        )
    )
    ran = command("run", sale)

    assert ran.code == 10
    assert "✗  latency_p50_s < 1s and errors > 5, but errors 0" in ran.out
    assert [
        one["truth"]
        for one in json.loads(command("run", sale, "--json").out)["expectations"]
    ] == ["holds", "fails", "holds"]


def test_a_search_may_be_for_a_share(sale: Path) -> None:
    """The share is shown as one."""
    vary = "traffic.arrivals[0].within=100ms..10s"
    wanted = "origin_hits / requests <= 75% and errors == 0"
    ran = command("solve", sale, "--for", wanted, "--vary", vary)

    assert ran.code == 0
    assert "✗ traffic.arrivals[0].within=100ms: origin_hits / requests 100 %" in ran.err


def test_a_sweep_marks_where_a_condition_holds(sale: Path) -> None:
    """Of several metrics too."""
    wanted = "latency_max_s < 250ms and errors == 0"
    parameter = "origin.latency=100ms,200ms"
    ran = command("sweep", sale, "-P", parameter, "--for", wanted, "--no-cache")

    assert ran.code == 0
    assert f"1 of 2 points meets {wanted}" in ran.out


def test_a_gate_may_compare_with_the_base(sale: Path) -> None:
    """Beside what gets worse."""
    gate = "origin_hits <= 10% * origin_hits@base and leaders lower"
    ran = command("compare", sale, "@per-key", "--fail-if", gate)

    assert (ran.code, ran.err) == (11, f"fail-if {gate}: it holds (sale@per-key)\n")


def test_several_metrics_may_have_to_be_known(sale: Path) -> None:
    """The run goes on until all are."""
    until = "origin_hits within 50% and latency_max_s within 10ms"
    ran = command("run", sale, "--json", "--until", until)

    assert ran.code == 0
    assert json.loads(ran.out)["run"]["replications"] == 10


def test_claims_and_observations_have_units_too(sale: Path) -> None:
    """A claim's truth is one of the same words."""
    sale.write_text(sale.read_text() + INCIDENT)
    document = json.loads(command("explain", sale, "--reps", "3", "--json").out)

    assert document["consistency"]["unexplained"] == []
    assert document["claim_results"][0]["truth"] == "holds"


@pytest.mark.parametrize(
    "arguments",
    [
        ["solve", "--vary", "kv.ttl=1s..2s", "--for"],
        ["sweep", "-P", "kv.ttl=1s,2s", "--for"],
        ["compare", "@per-key", "--fail-if"],
        ["run", "--until"],
    ],
    ids=lambda arguments: str(arguments[0]),
)
def test_a_mistake_is_told_with_its_position(sale: Path, arguments: list[str]) -> None:
    """The same words everywhere, and exit code 2."""
    name, *options = arguments
    ran = command(name, sale, *options, "origin_hits <= 5 and eror > 1")

    assert ran.code == 2
    assert "character 22: no metric or unit " in ran.err
    assert 'did you mean "errors"' in ran.err


@pytest.mark.parametrize("key", ["expect", "observations", "claims"])
def test_a_mistake_in_a_scenario_is_told_with_its_position(
    sale: Path, key: str
) -> None:
    """Behind the line and column of the condition."""
    said = {
        "expect": "[eror == 0]",
        "observations": "[{text: so, that: eror == 0}]",
        "claims": "[{text: so, holds_if: eror == 0}]",
    }
    text = sale.read_text().replace("expect: [requests == 40]\n", "")
    sale.write_text(f"{text}{key}: {said[key]}\n")
    ran = command("run", sale)

    assert ran.code == 3
    assert "All names: docs/conditions.md" in ran.err
    assert 'character 1: no metric or unit "eror" — did you mean "errors"' in ran.err
