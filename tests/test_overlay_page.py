"""The page on Grafana and its dashboard ask for metrics that a run exports."""

import json
import re
from pathlib import Path
from typing import Any

from simcoalesce.experiment.replicate import replicate
from simcoalesce.report.exports.openmetrics import OpenMetrics
from tests.unit.experiment.builders import a_sale

_FOLDER = Path(__file__).parents[1] / "docs/how_to"
_DASHBOARD: dict[str, Any] = json.loads(
    (_FOLDER / "grafana_dashboard.json").read_text(encoding="utf-8")
)
_OURS = re.compile(r"simcoalesce_\w+")


def _exported() -> set[str]:
    text = OpenMetrics().text(replicate(a_sale(), seed=5, replications=1))
    return {line.partition("{")[0] for line in text.splitlines() if line[0] != "#"}


def _expressions() -> list[str]:
    return [one["expr"] for panel in _DASHBOARD["panels"] for one in panel["targets"]]


def test_every_panel_asks_for_what_is_exported() -> None:
    """And sets it beside what was measured."""
    asked = {name for one in _expressions() for name in _OURS.findall(one)}

    assert asked
    assert asked <= _exported()
    for panel in _DASHBOARD["panels"]:
        said = [one["legendFormat"].split()[0] for one in panel["targets"]]
        assert {*said} == {"predicted", "measured"}


def test_every_variable_of_a_query_can_be_chosen() -> None:
    """Grafana asks nothing of a name that it does not know."""
    used = {name for one in _expressions() for name in re.findall(r"\$(\w+)", one)}
    known = {one["name"] for one in _DASHBOARD["templating"]["list"]}

    assert used <= known


def test_the_page_names_what_is_exported() -> None:
    """A counter by its whole name, a histogram by that of its family."""
    page = (_FOLDER / "overlay_in_grafana.md").read_text(encoding="utf-8")
    families = {re.sub(r"_(bucket|sum|count)$", "", one) for one in _exported()}

    assert families == {*re.findall(r"^\| `(simcoalesce_\w+)`", page, re.MULTILINE)} - {
        ""
    }
