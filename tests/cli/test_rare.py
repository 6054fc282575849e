"""What happens in one run of 130 is neither missed nor called impossible."""

import json
from pathlib import Path

import pytest

from tests.cli.command_line import command

REFUSED = """\
version: 1
name: rare-refusal
duration: 10s
seed: 1
replications: 30
traffic: {arrivals: [{kind: burst, requests: 800, within: 400ms}], isolates: 400}
kv:
  {read_latency: 5ms, read_at: end, write_latency: 80ms, writes_per_key: unlimited}
origin: {latency: 120ms, rate_limit: {kind: fixed_window, limit: 435, per: 5m}}
path: [kv.read, kv.write, origin]
"""
NEVER = """\
version: 1
name: never-refused
duration: 10s
replications: 5
traffic: {arrivals: [{kind: burst, requests: 50, within: 2s}]}
origin: {latency: 100ms}
path: [origin]
"""


@pytest.fixture
def rare(tmp_path: Path) -> Path:
    """Return a scenario of which about one run in 130 is refused."""
    path = tmp_path / "rare.yaml"
    path.write_text(REFUSED + 'expect: ["origin_rejected == 0"]\n')
    return path


def test_a_number_that_was_the_same_says_how_far_that_reaches(rare: Path) -> None:
    """1 - 0.05^(1/30) = 9.5 %: in the text, in the document, and for JUnit."""
    told = "otherwise in 0 of 30 runs; so at most 9.5 % of runs"
    junit = rare.with_suffix(".xml")
    text = command("run", rare, "--junit", junit)
    (verdict,) = json.loads(command("run", rare, "--json").out)["expectations"]

    assert (text.code, verdict["truth"]) == (0, "holds")
    assert f"✓  origin_rejected == 0   {told}" in text.out
    assert (verdict["reach"]["text"], verdict["reach"]["certain"]) == (told, False)
    assert told in junit.read_text()


def test_it_is_undecided_if_another_number_must_be_rare(rare: Path) -> None:
    """299 runs would show at most 1 %."""
    ran = command("run", rare, "--rare", "1%")

    assert ran.code == 13
    assert "more than 1 %; about 299 runs would decide" in " ".join(ran.out.split())


def test_a_share_of_runs_is_undecided_until_the_runs_do(rare: Path) -> None:
    """Nothing that decides is cut."""
    rare.write_text(REFUSED + 'expect: ["share(origin_rejected > 0) <= 1%"]\n')
    ran = command("run", rare)

    assert ran.code == 13
    told = "0 of 30 runs; so at most 9.5 % of runs; about 299 runs would decide"
    assert told in " ".join(ran.out.split())


def test_one_refused_run_is_enough_to_refute_never(rare: Path) -> None:
    """The mean of counts of which one is above 0 is above 0."""
    ran = command("run", rare, "--reps", "299")

    assert ran.code == 10
    assert "✗  origin_rejected == 0, but 0.0" in ran.out


def test_until_a_share_is_decided(rare: Path) -> None:
    """0.95^110 is below 0.35 %, the error that each look may have."""
    until = "share(origin_rejected > 0) <= 5%"
    document = json.loads(command("run", rare, "--json", "--until", until).out)

    assert document["run"]["replications"] == 113


def test_what_never_happens_comes_late_enough(tmp_path: Path) -> None:
    """And is certain where nothing on the path refuses."""
    path = tmp_path / "never.yaml"
    path.write_text(NEVER + 'expect: ["first_rejected_at_s >= 5s"]\n')
    ran = command("run", path)

    assert ran.code == 0
    assert "certain: nothing on the path can make it otherwise" in ran.out


def test_a_gate_that_passes_says_how_far_that_reaches(rare: Path) -> None:
    """And passes no longer if it must be rare."""
    gate = ["--fail-if", "origin_rejected > 0"]
    ran = command("compare", rare, rare, *gate)
    asked = command("compare", rare, rare, *gate, "--rare", "1%", "--json")
    (found,) = json.loads(asked.out)["gates"]

    assert (ran.code, asked.code) == (0, 13)
    assert "so at most 9.5 % of runs (rare-refusal)" in ran.err
    assert (found["truth"], found["replications_to_decide"]) == ("undecided", 299)


def test_solve_carries_the_same_words(rare: Path) -> None:
    """Of the value that meets the condition."""
    vary = ["--vary", "origin.latency=50ms..500ms", "--tolerance", "40%"]
    solved = command("solve", rare, "--for", "origin_rejected == 0", *vary)

    assert "0; otherwise in 0 of 30 runs; so at most 9.5 % of runs" in solved.out


def test_sweeps_and_explanations_say_how_far_equal_numbers_reach(rare: Path) -> None:
    """1 - 0.05^(1/30) = 9.5 %, and of 10 runs 25.9 %."""
    points = ["-P", "origin.latency=80ms,160ms", "-j", "1"]
    swept = command("sweep", rare, *points, "--for", "origin_rejected == 0")
    explained = command("explain", rare, "--reps", "10")

    assert "1 of 2 points meets origin_rejected == 0 (otherwise in" in swept.out
    assert "at most 9.5 % of runs" in " ".join(swept.out.split())
    assert "the same in all 10 runs, so another in at most 25.9 %" in explained.out
