"""Every command takes conditions on a part of the requests."""

import json
from pathlib import Path

import pytest

from tests.cli.command_line import command

HALF_REFUSED = """\
version: 1
duration: 4s
replications: 2
traffic: {arrivals: [{kind: even, rate: 10/s}], locations: {icn: 1}}
origin: {latency: 100ms, rate_limit: {kind: fixed_window, limit: 5, per: 1s}}
path: [origin]
observations: [{text: some, that: "errors[1s..2s] == 5"}]
claims:
  - {text: It was the limit., holds_if: "errors[1s..2s]@wide < errors[1s..2s]"}
  - {text: Nothing else., holds_if: "errors[..1s] == 4"}
variants:
  wide: {origin: {rate_limit: {kind: fixed_window, limit: 8, per: 1s}}}
"""
"""Of ten requests in each second 5 are refused; of the variant 2."""
LIMITS = "origin.rate_limit.limit"


@pytest.fixture
def half(sale: Path) -> Path:
    """Return a scenario file; its folder is the current one."""
    sale.write_text(HALF_REFUSED)
    return sale


def test_a_run_goes_on_until_a_part_is_known(half: Path) -> None:
    """It stands among the metrics, and in the text."""
    until = ["--until", "errors[ 1s .. 3s ] within 2%"]
    document = json.loads(command("run", half, *until, "--json").out)

    known = document["metrics"]["errors[1s..3s]"]
    assert (known["mean"], known["ci95"], known["n"]) == (10.0, [10.0, 10.0], 10)
    told = command("run", half, *until).out
    assert "asked         errors[1s..3s] 10" in told


def test_what_is_expected_of_a_part_is_among_the_metrics(half: Path) -> None:
    """With its interval, as all others."""
    half.write_text(f"{HALF_REFUSED}expect: ['errors[3s..] <= 4']\n")
    ran = command("run", half, "--json")

    assert ran.code == 10
    assert json.loads(ran.out)["metrics"]["errors[3s..]"]["mean"] == 5.0


def test_a_saved_result_with_a_part_can_be_shown(half: Path) -> None:
    """It is made again, with that part."""
    until = ["--until", "errors[..1s] within 2%", "-o", "result.json"]
    assert command("run", half, *until).code == 0

    ran = command("report", "result.json", "-o", "page.html")

    assert ran.code == 0
    assert "errors[..1s]" in Path("page.html").read_text()


def test_a_search_may_be_for_a_part(half: Path) -> None:
    """A limit of 9 refuses one of ten in that second."""
    vary = ["--vary", f"{LIMITS}=1..20", "--json"]
    ran = command("solve", half, "--for", "errors[1s..2s] <= 1", *vary)

    assert json.loads(ran.out)["meets"] == "9"


def test_a_sweep_shows_a_part_that_the_cache_lacks(half: Path) -> None:
    """What is in it without the part is simulated again, and then is there."""
    points = ["-P", f"{LIMITS}=5,8", "-j", "1"]
    command("sweep", half, *points)
    goal = ["--for", "errors[1s..2s] <= 2", "--json"]

    first, again = (command("sweep", half, *points, *goal) for _ in range(2))

    found = json.loads(first.out)["points"]
    assert [one["estimate"]["mean"] for one in found] == [5.0, 2.0]
    assert [one["goal"] for one in found] == ["fails", "holds"]
    assert (first.err, again.out) == ("", first.out)
    assert "2 points of 2 from" in again.err


def test_the_cache_adds_no_parts_to_a_table(half: Path) -> None:
    """A table holds what was asked for, whatever was asked for before."""
    sweep = ["sweep", half, "-P", f"{LIMITS}=5,8", "-j", "1", "-o", "table.csv"]
    command(*sweep, "--metric", "errors[1s..2s]")
    with_part = Path("table.csv").read_text()
    ran = command(*sweep)

    assert "2 points of 2 from" in ran.err
    assert "errors[1s..2s]" in with_part
    assert "errors[1s..2s]" not in Path("table.csv").read_text()


def test_a_front_may_be_of_parts(half: Path) -> None:
    """Their commas are no ends of names."""
    front = ["--pareto", "errors[location=icn, 1s..2s], origin_hits", "--json"]
    ran = command("sweep", half, "-P", f"{LIMITS}=5,8", "--no-cache", *front)

    (best,) = json.loads(ran.out)["pareto"]
    assert best["means"] == {"errors[location=icn, 1s..2s]": 2.0, "origin_hits": 40.0}


@pytest.mark.parametrize(
    ("gate", "code"),
    [
        ("errors[1s..2s] worse by 5%", 11),
        ("errors[1s..2s] > errors[1s..2s]@base", 11),
        ("errors[1s..2s] > 2.5 * errors[0.5s..1s]@base", 0),
    ],
)
def test_a_gate_may_be_on_a_part(half: Path, gate: str, code: int) -> None:
    """Of 5 refusals after 2; all 5 of a second come in its second half."""
    ran = command("compare", f"{half}@wide", half, "--fail-if", gate)

    assert ran.code == code


def test_a_comparison_may_show_a_part(half: Path) -> None:
    """By the name that a condition gives it."""
    metric = ["--metric", "errors[1s ..2s]", "--json"]
    ran = command("compare", half, "@wide", *metric)

    (found,) = json.loads(ran.out)["comparisons"][0]["metrics"]
    assert (found["metric"], found["change"]["mean"]) == ("errors[1s..2s]", -3.0)


def test_observations_and_claims_may_be_of_a_part(half: Path) -> None:
    """The report can be true; the first claim holds, the second does not."""
    document = json.loads(command("explain", half, "--reps", "2", "--json").out)

    assert document["consistency"]["unexplained"] == []
    truths = [one["truth"] for one in document["claim_results"]]
    assert truths == ["holds", "fails"]


def test_a_goal_of_a_part_is_one_for_remedies(half: Path) -> None:
    """Explanations measure it under each of them."""
    half.write_text(f"{HALF_REFUSED}expect: ['errors[3s..] == 0']\n")
    ran = command("explain", half, "--reps", "2", "--json")

    assert json.loads(ran.out)["goal"] == ["errors[3s..] == 0"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["run", "--until", "errors[location=icm] within 2%"], 'mean "icn"'),
        (["solve", "--for", "errors[5s..] < 1", "--vary", f"{LIMITS}=1..9"], "the 4s"),
        (["sweep", "-P", f"{LIMITS}=5,8", "--metric", "errors[key=b]"], "are key"),
        (["sweep", "-P", f"{LIMITS}=5,8", "--for", "errors[key=b] < 1"], "are key"),
        (
            ["sweep", "-P", f"{LIMITS}=5,8", "--pareto", "errors[5s..],origin_hits"],
            "4s",
        ),
        (["compare", "@wide", "--fail-if", "errors[21:00..] worse"], "starts_at"),
    ],
)
def test_a_part_that_cannot_be_is_refused_before_anything_runs(
    half: Path, arguments: list[str], told: str
) -> None:
    """With what there is."""
    name, *options = arguments
    ran = command(name, half, *options)

    assert (ran.code, ran.out) == (3, "")
    assert told in ran.err


def test_a_wrong_name_of_a_part_is_a_wrong_command_line(half: Path) -> None:
    """As that of any metric is."""
    for metric in ("error[1s..2s]", "cost_usd[1s..2s]", "errors[1s..2s"):
        ran = command("compare", half, "@wide", "--metric", metric)

        assert (ran.code, ran.out) == (2, "")
