"""Runs from which nothing follows: no command has a verdict, and all say why."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from simcoalesce import compare
from tests.cli.command_line import command

SCENARIO = """\
name: late
duration: 10s
replications: 3
traffic: {arrivals: [ARRIVALS]}
origin: {latency: 50ms}
path: [origin]
expect: [{that: errors == 0, level: warn}]
variants:
  slow: {origin: {latency: 90ms}}
claims: [{text: Nobody is refused., holds_if: errors == 0}]
"""
LATE = "{kind: replay, file: late.csv}"
NOBODY = "{kind: burst, requests: 5, within: 1s, at: 20s}"
WHY = {
    LATE: "late.csv: 3 of 5 requests come at or after the end of the scenario and are"
    " left out; see duration and speed",
    NOBODY: "no request arrived in any run",
}
COMMANDS = {
    "run": ("run", "late.yaml", "-q"),
    "solve": (
        "solve",
        "late.yaml",
        "--for",
        "errors == 0",
        "--vary=origin.latency=1ms..9ms",
    ),
    "sweep": ("sweep", "late.yaml", "-P", "origin.latency=10ms,20ms"),
    "compare": ("compare", "late.yaml", "@slow"),
    "gate": ("compare", "late.yaml", "@slow", "--fail-if", "errors > 0"),
    "explain": ("explain", "late.yaml"),
}
Write = Callable[[str], None]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Return what writes the scenario with these arrivals into the current folder."""
    monkeypatch.chdir(tmp_path)
    Path("late.csv").write_text("t_s\n1\n2\n100\n200\n300\n")
    return _written


def _written(arrivals: str) -> None:
    Path("late.yaml").write_text(SCENARIO.replace("ARRIVALS", arrivals))


@pytest.mark.parametrize("arrivals", WHY, ids=["mostly left out", "no request"])
@pytest.mark.parametrize("arguments", COMMANDS.values(), ids=COMMANDS)
def test_every_command_says_why_and_exits_with_13(
    write: Write, arrivals: str, arguments: tuple[str, ...]
) -> None:
    """In the same words on stderr; on stdout too, unless it is quiet."""
    write(arrivals)

    ran = command(*arguments)

    assert ran.code == 13
    assert f"no verdict: {WHY[arrivals]}" in ran.err
    assert "-q" in arguments or f"No verdict: {WHY[arrivals]}." in " ".join(
        ran.out.split()
    )


@pytest.mark.parametrize("name", ["run", "solve", "sweep", "compare", "explain"])
def test_documents_say_why(write: Write, name: str) -> None:
    """As `no_verdict`, in the same words; None if there is a verdict."""
    write(LATE)
    late = json.loads(command(*COMMANDS[name], "--json").out)
    in_time = json.loads(command(*COMMANDS[name], "--json", "-s", "duration=400s").out)

    found = [one.get("comparisons", [one])[0]["no_verdict"] for one in (late, in_time)]
    assert found == [WHY[LATE], None]


def test_nothing_in_a_comparison_is_better_or_the_same(write: Write) -> None:
    """Every metric is undecided, and the table of Python says why."""
    write(LATE)

    found = compare("late.yaml", "@slow")

    assert {*found["verdict"]} == {"undecided"}
    assert {*found["reason"]} == {WHY[LATE]}


def test_nothing_that_explain_tries_helps_or_is_true(write: Write) -> None:
    """Neither a change nor a claim has a verdict; nothing has a share or threshold."""
    write(LATE)

    found = json.loads(command(*COMMANDS["explain"], "--json").out)

    assert {one["verdict"] for one in found["remedies"]} == {"undecided"}
    assert [one["truth"] for one in found["claim_results"]] == ["undecided"]
    assert {one["threshold"] for one in found["remedies"]} == {None}
    assert (found["recommended"], found["attribution"]) == ([], None)


def test_one_point_without_a_verdict_is_enough_for_13(write: Write) -> None:
    """It is undecided, on no front, and remembered: the cache says the same."""
    write(LATE)
    axes = ["-P", "duration=10s,400s", "--for", "errors == 0"]
    arguments = [
        "sweep",
        "late.yaml",
        *axes,
        "--pareto",
        "errors,latency_p50_s",
        "--json",
    ]
    first, again = command(*arguments), command(*arguments)

    found = json.loads(first.out)
    assert (first.code, again.code, first.out) == (13, 13, again.out)
    assert f"no verdict at 1 of 2 points: {WHY[LATE]}" in again.err
    assert [point["goal"] for point in found["points"]] == ["undecided", "holds"]
    assert [point["no_verdict"] for point in found["points"]] == [WHY[LATE], None]
    assert [one["index"] for one in found["pareto"]] == [1]


def test_a_search_along_values_with_a_verdict_finds_one(write: Write) -> None:
    """From 201 s on four of five requests come; below 100 s nothing is said."""
    write(LATE)
    vary = ["--vary", "duration=10s..400s"]

    ran = command("solve", "late.yaml", "--for", "requests >= 3", *vary)

    assert ran.code == 0
    assert f"no verdict: {WHY[LATE]}" in " ".join(ran.out.split())


def test_ci_is_told_even_without_expectations(write: Write) -> None:
    """An error in JUnit and in the annotations, and the reason in the summary."""
    write(NOBODY)

    ran = command("run", "late.yaml", "-q", "--github", "--junit", "verdicts.xml")

    assert 'errors="1"' in Path("verdicts.xml").read_text()
    assert f'<error message="{WHY[NOBODY]}"' in Path("verdicts.xml").read_text()
    assert f"::error::no verdict: {WHY[NOBODY]}\n" in ran.err
