"""compare: variants, files and saved results, and gates for CI."""

import json
from pathlib import Path

import pytest

from tests.cli.command_line import command

ONLY = ["--metric", "origin_hits"]


def test_a_variant_is_compared_with_its_file(sale: Path) -> None:
    """@per-key is a variant of the first file; the table has a verdict in words."""
    ran = command("compare", sale, "@per-key", *ONLY)
    row = next(
        line for line in ran.out.splitlines() if line.startswith("  origin_hits")
    )

    assert ran.code == 0
    assert ran.out.startswith("sale → sale@per-key")
    assert "path: kv.read, kv.write, origin → kv.read, durable_object," in ran.out
    assert row.endswith("3/3  better")


def test_each_other_is_compared_with_the_base(sale: Path) -> None:
    """Three files, two tables."""
    ran = command("compare", sale, "@per-key", "@refused", *ONLY)

    assert ran.out.count("paired seeds") == 2


def test_other_traffic_is_told(sale: Path) -> None:
    """The reader is not left to believe in pairs."""
    more = sale.with_name("more.yaml")
    more.write_text(sale.read_text().replace("requests: 40", "requests: 50"))

    ran = command("compare", sale, more, "--metric", "errors")

    assert "the runs are no pairs: Welch-t intervals" in ran.out


def test_markdown_is_a_table_of_a_pull_request(sale: Path) -> None:
    """Readable without colours, and pasteable."""
    ran = command("compare", sale, "@per-key", *ONLY, "--markdown")
    table = [line for line in ran.out.splitlines() if line.startswith("|")]

    assert table[0].split(" | ")[0] == "| metric"
    assert table[2].endswith("| better |")
    assert len({line.count("|") for line in table}) == 1


def test_json_is_a_document(sale: Path) -> None:
    """For scripts: every number, the changes, and how it was done."""
    ran = command("compare", sale, "@per-key", *ONLY, "--json")
    (found,) = json.loads(ran.out)["comparisons"]

    assert (found["paired"], found["replications"], found["adjustment"]) == (
        True,
        3,
        "holm",
    )
    assert found["metrics"][0]["verdict"] == "better"


@pytest.mark.parametrize(
    ("gate", "code"),
    [
        ("origin_hits worse by 5%", 0),
        ("origin_hits lower", 11),
        ("latency_error_p50_s worse", 0),
    ],
)
def test_a_gate_stops_a_build(sale: Path, gate: str, code: int) -> None:
    """Exit code 11, and the reason on stderr."""
    ran = command("compare", sale, "@per-key", "--fail-if", gate)

    assert ran.code == code
    assert (gate in ran.err) == bool(code)


def test_what_seeds_do_not_decide_is_another_code(sale: Path) -> None:
    """Two runs that part by chance alone: neither open nor shut."""
    changed = ["-s", "duration=1s", "--reps", "2"]
    other = sale.with_name("other.yaml")
    other.write_text(sale.read_text().replace("requests: 40", "requests: 41"))

    gate = "origin_hits worse by 2%"
    ran = command("compare", sale, other, *changed, "--fail-if", gate)

    assert ran.code == 13
    assert "the seeds do not decide it" in ran.err


def test_a_saved_result_is_made_again(sale: Path) -> None:
    """With its own seeds; the scenario is in it."""
    command("run", sale, "-q", "--seed", "5", "--reps", "2", "-o", "before.json")

    ran = command("compare", "before.json", "sale.yaml@per-key", *ONLY, "--json")
    (found,) = json.loads(ran.out)["comparisons"]

    assert (found["seed"], found["replications"]) == (5, 2)


def test_results_of_other_seeds_are_not_compared(sale: Path) -> None:
    """Unless both are made again."""
    for seed in ("5", "6"):
        out = ["-o", f"{seed}.json"]
        command("run", sale, "-q", "--seed", seed, "--reps", "2", *out)

    refused = command("compare", "5.json", "6.json", *ONLY)
    again = command("compare", "5.json", "6.json", *ONLY, "--seed", "1", "--reps", "2")

    assert (refused.code, again.code) == (2, 0)
    assert "--seed and --reps make all of them again" in refused.err


def test_a_saved_result_has_no_variants(sale: Path) -> None:
    """The message says what to write, and does not read JSON as a scenario."""
    command("run", sale, "--reps", "2", "-o", "result.json")

    ran = command("compare", "result.json", "@per-key")

    assert ran.code == 2
    assert "write the file, e.g. sale.yaml@per-key" in ran.err


def test_a_result_of_another_model_is_refused(sale: Path) -> None:
    """It is an invalid input, and says why."""
    command("run", sale, "-q", "-o", "old.json")
    document = json.loads(Path("old.json").read_text())
    document["tool"]["model_version"] = "0"
    Path("old.json").write_text(json.dumps(document))

    ran = command("compare", "old.json", sale)

    assert ran.code == 3
    assert "was made by version 0 of the model" in ran.err


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        ["@per-key", "--metric", "orgin_hits"],
        ["@per-key", "--margin", "lots"],
        ["@per-key", "--fail-if", "worse"],
    ],
)
def test_a_wrong_command_line_is_code_2(sale: Path, wrong: list[str]) -> None:
    """Nothing is simulated."""
    assert command("compare", sale, *wrong).code == 2
