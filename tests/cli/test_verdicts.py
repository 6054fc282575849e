"""run for CI: annotations, the summary of a step, JUnit, and as many runs as needed."""

import json
from pathlib import Path

import pytest

from tests.cli.command_line import command


def test_github_shows_the_line_that_is_not_met(
    sale: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On stderr, beside the document on stdout; and in the step's summary."""
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary.md")
    ran = command("run", f"{sale}@hopeless", "--github", "--json")
    line = (
        sale.read_text().splitlines().index("  hopeless: {expect: [origin_hits <= 1]}")
    )

    assert ran.code == 10
    assert f"::error file={sale},line={line + 1}::origin_hits <= 1: " in ran.err
    assert json.loads(ran.out)["complete"]
    assert "**simcoalesce: FAILS**" in Path("summary.md").read_text()


def test_junit_is_written(sale: Path) -> None:
    """A test suite with a test case for each expectation."""
    ran = command("run", sale, "--junit", "verdicts.xml", "-q")

    assert ran.code == 0
    assert 'tests="1" failures="0"' in Path("verdicts.xml").read_text()


def test_until_chooses_the_number_of_replications(sale: Path) -> None:
    """At least ten, and as many as the precision takes."""
    ran = command("run", sale, "--json", "--until", "origin_hits within 5%")

    assert json.loads(ran.out)["run"]["replications"] >= 10


def test_precision_that_is_not_reached_is_told(sale: Path) -> None:
    """--reps is where it ends."""
    limit = ["--reps", "11", "-q"]
    ran = command("run", sale, "--until", "origin_hits within 0.01%", *limit)

    assert "not reached after 11 replications" in ran.err


def test_what_is_no_precision_is_code_2(sale: Path) -> None:
    """Nothing is simulated."""
    assert command("run", sale, "--until", "well enough").code == 2


@pytest.mark.parametrize(
    ("name", "begin"),
    [
        ("latency.hgrm", "       Value"),
        ("events.ndjson", '{"at_s": '),
        ("run.trace.json", '{"displayTimeUnit": "ms", "traceEvents": ['),
    ],
)
def test_a_run_is_exported_for_other_programs(
    sale: Path, name: str, begin: str
) -> None:
    """By the suffix of the file; the same run gives the same bytes."""
    command("run", sale, "-q", "-o", name)
    first = Path(name).read_text()
    command("run", sale, "-q", "-o", name)

    assert first.startswith(begin)
    assert first == Path(name).read_text()


def test_a_run_without_requests_has_no_verdict(tmp_path: Path) -> None:
    """Exit code 13, and the reason on stderr even if nothing else is printed."""
    nobody = tmp_path / "nobody.yaml"
    nobody.write_text(
        "duration: 10s\norigin: {latency: 50ms}\npath: [origin]\ntraffic:\n"
        "  arrivals: [{kind: burst, requests: 5, within: 1s, at: 20s}]\n"
    )
    quiet, told = command("run", nobody, "-q"), command("run", nobody)

    assert (quiet.code, told.code) == (13, 13)
    assert "no verdict: no request arrived in any run" in quiet.err
    assert "warning: phase 1 of the arrivals (burst) starts at 20s" in quiet.err
    assert "No verdict: no request arrived in any run." in told.out
