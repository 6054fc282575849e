"""States of a page: what a page may ask, and what it may not."""

from pathlib import Path

import pytest

from simcoalesce.serve.what_if import Refused, WhatIf
from simcoalesce.yaml.validation_error import InvalidScenario
from tests.unit.serve.builders import SALE, sale_file


def test_a_state_is_a_variant_and_options() -> None:
    """As a page sends it, and as it gets it back."""
    written = {"variant": "per-key", "set": ["kv.write_latency=20ms"]}

    assert WhatIf.of(written).document() == written
    assert WhatIf.of({}) == WhatIf()


@pytest.mark.parametrize(
    "written",
    [
        {"variant": 3},
        {"set": "kv.write_latency=20ms"},
        {"set": [1]},
        {"set": ["a=b"] * 101},
        {"set": ["seed=" + "1" * 10_000]},
    ],
)
def test_a_state_is_bounded(written: object) -> None:
    """It has at most 100 changes, of at most 10,000 characters each."""
    with pytest.raises(Refused):
        WhatIf.of(written)


def test_changes_win_over_the_variant(tmp_path: Path) -> None:
    """As on the command line."""
    asked = WhatIf("per-key", ("kv.write_latency=20ms",))

    scenario = sale_file(tmp_path).chosen(asked)

    assert [layer.kind for layer in scenario.path][1] == "durable_object"
    assert scenario.document()["path"][2]["kv.write"]["write_latency"] == "20ms"


@pytest.mark.parametrize(
    "change",
    [
        "traffic.arrivals=[{kind: replay, file: other.csv}]",
        "traffic.arrivals[0]={kind: replay, file: /etc/passwd}",
        "origin.latency={empirical: other.csv}",
        "price_list=other.yaml",
    ],
)
def test_a_page_names_no_file(tmp_path: Path, change: str) -> None:
    """Even one that is there, below the folder of the scenario."""
    (tmp_path / "other.csv").write_text("latency_ms\n5\n")
    file = sale_file(tmp_path)

    with pytest.raises(Refused, match="names no file"):
        file.chosen(WhatIf(None, (change,)))


def test_a_page_keeps_a_file_that_its_scenario_names(tmp_path: Path) -> None:
    """It may be said again, as a path that was edited does."""
    (tmp_path / "own.csv").write_text("latency_ms\n5\n7\n")
    named = "{empirical: own.csv}"
    file = sale_file(tmp_path, SALE.replace("latency: 120ms", f"latency: {named}"))

    again = file.chosen(WhatIf(None, (f"origin.latency={named}",)))

    assert again.document() == file.scenario.document()


def test_a_file_outside_of_the_folder_is_refused(tmp_path: Path) -> None:
    """A page's scenario is never trusted."""
    text = SALE.replace("latency: 120ms", "latency: {empirical: ../a.csv}")

    with pytest.raises(InvalidScenario, match="not below the folder"):
        sale_file(tmp_path, text)


@pytest.mark.parametrize("key", ["extends", "observations", "claims", "name", "expect"])
def test_what_tells_of_the_file_is_not_changed(tmp_path: Path, key: str) -> None:
    """Observations hold changes of their own, and so might name files."""
    with pytest.raises(ValueError, match="cannot be changed"):
        sale_file(tmp_path).chosen(WhatIf(None, (f"{key}=[]",)))


def test_a_run_of_a_page_has_at_most_a_million_requests(tmp_path: Path) -> None:
    """A page answers while somebody waits."""
    asked = WhatIf(None, ("traffic.arrivals[0].requests=2M",))

    with pytest.raises(Refused, match="at most 1,000,000 a run"):
        sale_file(tmp_path).chosen(asked)
