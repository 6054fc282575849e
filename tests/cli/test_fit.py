"""simcoalesce fit: a scenario of what a log tells."""

import json
from pathlib import Path

import pytest

from simcoalesce.scenario.scenario import Scenario
from tests.cli.command_line import ROOT, Ran, command

LOGS = ROOT / "tests" / "assets" / "fit"
WINDOW = LOGS / "e-window-429.log.gz"
COMBINED = LOGS / "h-combined-only.log.gz"
QUICK = ("--reps", "2")


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ran, Path]:
    """Return what is said of the log of a real nginx, and where it was written."""
    folder = tmp_path_factory.mktemp("fit")
    out = ("-o", folder / "e.yaml", "-o", folder / "e.json")
    return command("fit", WINDOW, *QUICK, *out), folder


def test_the_scenario_tells_the_story_of_the_rest(fitted: tuple[Ran, Path]) -> None:
    """Calls of the part that was not fitted, within 3 %; then the exit code is 0."""
    ran, folder = fitted
    document = json.loads((folder / "e.json").read_text())

    calls = document["back_test"]["lines"][0]
    assert ran.code == 0
    assert document["verdict"] == "believed"
    assert calls["predicted"] == pytest.approx(calls["recorded"], rel=0.03)


def test_the_scenario_is_that_of_the_log(fitted: tuple[Ran, Path]) -> None:
    """What its truth says; with its evidence, and with its arrivals beside it."""
    _, folder = fitted
    scenario = Scenario.load(folder / "e.yaml")

    window = scenario.path[-1].document()["rate_limit"][0]
    assert (window["kind"], window["limit"], window["per"]) == (
        *("fixed_window", 300),
        "10s",
    )
    assert scenario.path[0].document()["ttl"] == "5s"
    assert "contradict it" in (folder / "e.yaml").read_text()
    assert (folder / "e-arrivals.csv.gz").exists()


def test_the_report_is_in_the_order_in_which_it_is_doubted(
    fitted: tuple[Ran, Path],
) -> None:
    """What was read; what it tells; the back-test. Nothing is missing in this log."""
    text = fitted[0].out

    titles = ("WHAT WAS READ", "WHAT IT TELLS", "BACK-TEST")
    assert sorted(titles, key=text.index) == [*titles]
    assert "WHAT TO LOG" not in text
    assert text.splitlines()[1].startswith("This scenario tells this log's story")


def test_a_fitted_scenario_runs_with_what_the_log_left_open(
    fitted: tuple[Ran, Path],
) -> None:
    """Each seed draws its own median of the latency."""
    ran = command("run", fitted[1] / "e.yaml", "--uncertain", "--reps", "2", "--json")

    assert ran.code == 0
    warnings = json.loads(ran.out)["warnings"]
    assert any("each seed draws its own origin.latency.median" in w for w in warnings)


def test_the_scenario_can_be_held_against_a_log(fitted: tuple[Ran, Path]) -> None:
    """Its own log; and one with another ttl does not tell its story."""
    scenario = fitted[1] / "e.yaml"
    other = fitted[1] / "other.yaml"
    other.write_text(scenario.read_text().replace("ttl: 5s", "ttl: 2s"))

    own = command("fit", WINDOW, "--against", scenario, *QUICK)
    wrong = command("fit", WINDOW, "--against", other, *QUICK)

    assert own.code == 0
    assert wrong.code == 10
    assert "does not tell this log's story" in wrong.out


def test_a_combined_log_gives_its_traffic_alone(tmp_path: Path) -> None:
    """Without a verdict, and with what to log to be told more."""
    ran = command("fit", COMBINED, "-o", tmp_path / "h.yaml")

    scenario = Scenario.load(tmp_path / "h.yaml")
    assert ran.code == 0
    assert "No verdict: the log does not tell which requests called the origin" in (
        ran.out
    )
    assert "log_format simcoalesce escape=json" in ran.out
    assert [layer.kind for layer in scenario.path] == ["origin"]


def test_redacted_files_hold_no_path_of_the_log(tmp_path: Path) -> None:
    """Neither the scenario nor the arrivals."""
    out = tmp_path / "h.yaml"
    command("fit", COMBINED, "--redact", "--traffic", "law", "-o", out)

    assert "/p/" not in out.read_text()
    assert [one.name for one in tmp_path.iterdir()] == ["h.yaml"]


def test_nothing_is_written_for_a_wrong_command(tmp_path: Path) -> None:
    """Suffixes, folders and shares are looked at before the log."""
    wrong = [
        ("-o", tmp_path / "h.txt"),
        ("-o", tmp_path / "none" / "h.yaml"),
        ("--holdout", "95%"),
        ("--key", "colour"),
    ]

    assert [command("fit", COMBINED, *one).code for one in wrong] == [2, 2, 2, 3]
    assert [*tmp_path.iterdir()] == []


def test_a_file_that_is_no_log_is_refused(tmp_path: Path) -> None:
    """As by all that read logs; and one that is not there."""
    file = tmp_path / "notes.txt"
    file.write_text("this is\nno log\n")

    missing = command("fit", tmp_path / "none.log")
    assert command("fit", file).code == missing.code == 3
    assert "no file" in missing.err
    assert "pydantic" not in missing.err


def test_a_log_of_which_nothing_is_left_has_no_verdict() -> None:
    """No request for such a host."""
    assert command("fit", WINDOW, "--host", "other.example").code == 13
