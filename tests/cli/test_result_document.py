"""The result document: the contract on which automation depends."""

import json
from pathlib import Path
from typing import Any

import pytest

from simcoalesce import __version__
from simcoalesce.metrics import METRICS
from simcoalesce.scenario.scenario import Scenario
from tests.cli.command_line import command


@pytest.fixture
def document(sale: Path) -> dict[str, Any]:
    """Return what --json prints for the small sale."""
    printed: dict[str, Any] = json.loads(command("run", sale, "--json").out)
    return printed


def test_it_has_these_keys_and_no_others(document: dict[str, Any]) -> None:
    """A key is added with a new schema version."""
    assert list(document) == [
        *("schema_version", "tool", "run", "scenario", "metrics", "cost"),
        *("expectations", "warnings", "complete", "no_verdict"),
    ]
    assert document["schema_version"] == "2"


def test_it_says_which_tool_made_it(document: dict[str, Any]) -> None:
    """A number is worth as much as the version that computed it."""
    tool = document["tool"]

    assert (tool["name"], tool["version"]) == ("simcoalesce", __version__)


def test_it_says_which_scenario_was_run(document: dict[str, Any], sale: Path) -> None:
    """Name, digest, seed and replications: enough to do it again."""
    assert document["run"] == {
        "scenario": "sale",
        "scenario_sha256": Scenario.load(sale).sha256,
        "seed": 3,
        "replications": 3,
    }


def test_it_holds_the_resolved_scenario(document: dict[str, Any], sale: Path) -> None:
    """It can be run again from the document alone."""
    again = Scenario.parse(json.dumps(document["scenario"]))

    assert again.sha256 == Scenario.load(sale).sha256


def test_it_has_every_metric_with_its_interval_and_unit(
    document: dict[str, Any],
) -> None:
    """Mean, spread, interval, number of runs, unit."""
    hits = document["metrics"]["origin_hits"]

    assert list(document["metrics"]) == list(METRICS)
    assert list(hits) == ["mean", "sd", "ci95", "n", "unit"]
    assert hits["ci95"][0] <= hits["mean"] <= hits["ci95"][1]


def test_a_metric_that_does_not_exist_is_null_with_its_reason(
    document: dict[str, Any],
) -> None:
    """No refusal: then there is no first one, which is not an instant of zero."""
    first = document["metrics"]["first_rejected_at_s"]

    assert first["mean"] is None
    assert first["n"] == 0
    assert "in 3 of 3 replications" in first["reason"]


def test_it_has_the_verdicts(document: dict[str, Any]) -> None:
    """What was expected, and what became of it."""
    (verdict,) = document["expectations"]

    assert (verdict["that"], verdict["truth"]) == ("requests == 40", "holds")


def test_a_run_to_the_end_is_complete(document: dict[str, Any]) -> None:
    """An interrupted one is not."""
    assert document["complete"] is True


def test_it_is_json_by_the_letter(sale: Path) -> None:
    """No NaN, no Infinity: any parser reads it."""
    out = command("run", sale, "--json").out

    def refuse(word: str) -> None:
        raise AssertionError(word)

    assert json.loads(out, parse_constant=refuse)["complete"]
    assert out.endswith("}\n")


def test_the_file_is_what_json_prints(sale: Path) -> None:
    """-o result.json and --json are one document."""
    ran = command("run", sale, "--json", "-o", "result.json")

    assert Path("result.json").read_text(encoding="utf-8") == ran.out
