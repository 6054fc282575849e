"""solve: a value, or the news that there is none."""

import json
import re
from pathlib import Path

import pytest

from tests.cli.command_line import command


def test_the_answer_names_both_neighbours(sale: Path) -> None:
    """What was tried is on stderr, what was found on stdout."""
    vary = "traffic.arrivals[0].within=100ms..10s"
    ran = command("solve", sale, "--for", "origin_hits <= 10", "--vary", vary)

    assert ran.code == 0
    assert ran.out.startswith("origin_hits <= 10: met at traffic.arrivals[0].within=")
    assert "✗ traffic.arrivals[0].within=100ms: origin_hits 40" in ran.err


def test_it_says_from_where_to_where_the_seeds_do_not_decide(sale: Path) -> None:
    """And how many would, between what is met and what is not."""
    vary = "traffic.arrivals[0].within=100ms..5s"
    ran = command("solve", sale, "--for", "origin_hits <= 20", "--vary", vary)

    said = r"met at .* undecided from \S+ to \S+ \(at .* --reps would decide\), not at "
    assert re.search(said, " ".join(ran.out.split()))


def test_the_document_says_what_the_text_says(sale: Path) -> None:
    """The neighbours, what is undecided, and every trial."""
    vary = "traffic.arrivals[0].within=100ms..5s"
    wanted = ["--for", "origin_hits <= 20", "--vary", vary]
    text = " ".join(command("solve", sale, *wanted).out.split())
    found = json.loads(command("solve", sale, *wanted, "--json").out)

    low, high = found["undecided"]["from"], found["undecided"]["to"]
    needed = found["undecided"]["replications_to_decide"]
    assert f"met at {found['key']}={found['meets']} (" in text
    assert f"undecided from {low} to {high} (at {found['fails']}" in text
    assert f"about {needed:,} --reps would decide), not at {found['refuted']}" in text
    truths = {trial["value"]: trial["truth"] for trial in found["trials"]}
    told = [found[name] for name in ("meets", "fails", "refuted")]
    assert [truths[value] for value in told] == ["holds", "undecided", "fails"]


def test_a_document_has_nothing_where_no_value_will_do(sale: Path) -> None:
    """The code is 10, as for the text."""
    vary = "kv.write_latency=0ms..1s"
    ran = command("solve", sale, "--for", "origin_hits <= 1", "--vary", vary, "--json")
    found = json.loads(ran.out)

    assert (ran.code, found["outcome"]) == (10, "never")
    assert (found["meets"], found["undecided"]) == (None, None)


def test_no_value_will_do(sale: Path) -> None:
    """Exit code 10, and what the ends give."""
    vary = "kv.write_latency=0ms..1s"
    ran = command("solve", sale, "--for", "origin_hits <= 1", "--vary", vary)

    assert ran.code == 10
    assert "out of reach for every value of kv.write_latency" in ran.out


def test_a_value_is_tried_once(sale: Path) -> None:
    """Between two whole numbers there is no other."""
    vary = "traffic.isolates=1..40"
    ran = command("solve", sale, "--for", "origin_hits <= 38", "--vary", vary)

    assert len(set(ran.err.splitlines())) == len(ran.err.splitlines())


@pytest.mark.parametrize(
    ("wanted", "code", "said"),
    [
        ("origin_hits <= 40", 0, "met at both ends of kv.write_latency"),
        ("latency_error_p50_s > 1s", 13, "more --reps may decide"),
    ],
)
def test_what_no_value_changes(sale: Path, wanted: str, code: int, said: str) -> None:
    """Met, or undecided, at both ends."""
    vary = "kv.write_latency=0ms..1s"
    ran = command("solve", sale, "--for", wanted, "--vary", vary)

    assert (ran.code, said in ran.out) == (code, True)


@pytest.mark.parametrize(
    "wrong",
    [
        ["--for", "origin_hits", "--vary", "kv.ttl=1s..2s"],
        ["--for", "origin_hits <= 1", "--vary", "kv.ttl"],
        ["--for", "origin_hits <= 1"],
    ],
)
def test_a_wrong_command_line_is_code_2(sale: Path, wrong: list[str]) -> None:
    """Nothing is simulated."""
    assert command("solve", sale, *wrong).code == 2


def test_what_was_found_is_a_page(sale: Path) -> None:
    """With every value that was tried; Markdown and the document as well."""
    vary = "traffic.arrivals[0].within=100ms..5s"
    targets = ["-o", "found.html", "-o", "found.md", "-o", "found.json"]
    ran = command("solve", sale, "--for", "origin_hits <= 20", "--vary", vary, *targets)
    found = json.loads(Path("found.json").read_text())

    assert ran.code == 0
    for name in ("found.html", "found.md"):
        text = Path(name).read_text()
        assert "Values that were tried" in text
        assert all(trial["value"] in text for trial in found["trials"])


def test_a_page_has_its_suffix(sale: Path) -> None:
    """It is said before anything is simulated."""
    vary = "kv.write_latency=0ms..1s"
    wanted = ["--for", "origin_hits <= 20", "--vary", vary]
    ran = command("solve", sale, *wanted, "-o", "found.pdf")

    assert ran.code == 2
    assert "write NAME.html, NAME.md or NAME.json" in ran.err
