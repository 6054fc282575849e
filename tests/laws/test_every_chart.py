"""Laws of every chart: it draws any run, says what it found, and repeats itself."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from simcoalesce.model.layer import Layer
from simcoalesce.outcomes import Lookup, Outcomes
from simcoalesce.report.pictures.chart import charts, finding_of
from simcoalesce.report.pictures.style import picture, save_charts
from tests.builders import a_path, an_origin
from tests.unit.report.builders import (
    MS,
    ASetting,
    a_coalesced_sale,
    a_flash_sale,
    a_traffic,
    outcomes_of,
)

RUNS = {
    "none": outcomes_of([]),
    "one": outcomes_of([3 * MS]),
    "one of no latency": outcomes_of([0], latency_ns=0),
    "three": a_flash_sale(3),
    "800": a_flash_sale(),
    "800 in each of five bursts": a_flash_sale(bursts=5, limit=1_200),
    "coalesced": a_coalesced_sale(),
    "100,000 of many keys": a_traffic(),
    "only hits": outcomes_of(range(0, 500 * MS, MS)),
    "only errors": outcomes_of(
        range(0, 50 * MS, MS), status=503, lookup=Lookup.MISS, latency_ns=30 * MS
    ),
}


def a_path_with_a_limit() -> list[Layer]:
    """Return a path whose origin admits 1,200 calls in five minutes."""
    limit = {"kind": "fixed_window", "limit": 1_200, "per": "5m"}
    return a_path("kv.read", an_origin(rate_limit=limit))


SETTINGS = {
    "without a scenario": None,
    "with a clock and a limit": ASetting(
        starts_at=datetime(2026, 6, 5, 12, tzinfo=UTC), path=a_path_with_a_limit()
    ),
}


@pytest.mark.parametrize("kind", charts())
@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("setting", SETTINGS)
def test_a_possible_chart_states_its_finding(kind: str, run: str, setting: str) -> None:
    """Whatever happened, the picture has a title that was computed from its rows."""
    chart, outcomes = charts()[kind], RUNS[run]
    if not chart.is_possible(outcomes):
        return

    figure = picture(chart, outcomes, SETTINGS[setting])

    assert len(finding_of(figure.axes[0])) > 10


@pytest.mark.parametrize("run", RUNS)
def test_every_run_gets_a_picture(run: str, tmp_path: Path) -> None:
    """No run is too short, too empty or too failed to be shown."""
    paths = save_charts(RUNS[run], None, tmp_path)

    assert paths
    assert all(path.stat().st_size > 1_000 for path in paths)


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    """Two drawings of one run differ in no byte, PNG and SVG alike."""
    setting = SETTINGS["with a clock and a limit"]
    first = save_charts(a_flash_sale(bursts=3, limit=900), setting, tmp_path / "a")
    again = save_charts(a_flash_sale(bursts=3, limit=900), setting, tmp_path / "b")

    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in again]


@pytest.mark.parametrize("kind", charts())
def test_an_svg_is_titled_and_dated_by_nothing(kind: str, tmp_path: Path) -> None:
    """Its title is the finding, for those who do not see it; no day, no version."""
    save_charts(a_flash_sale(), None, tmp_path)
    text = (tmp_path / f"{kind}.svg").read_text("utf-8")

    assert re.search(r"<dc:title>.{10,}</dc:title>", text)
    assert "dc:date" not in text


@pytest.mark.parametrize("kind", charts())
def test_a_chart_of_800_requests_is_a_small_file(kind: str, tmp_path: Path) -> None:
    """Pictures of a stampede fit into a page that is mailed around."""
    save_charts(a_flash_sale(), None, tmp_path)

    assert (tmp_path / f"{kind}.svg").stat().st_size < 150_000


@pytest.mark.parametrize("kind", charts())
def test_a_chart_has_a_question(kind: str) -> None:
    """One question, one picture."""
    assert charts()[kind].question.endswith("?")


@pytest.mark.parametrize("run", ["800", "coalesced", "800 in each of five bursts"])
def test_counts_begin_at_zero(run: str) -> None:
    """A bar or a step never starts above zero, in a zoom neither."""
    for kind in ("arrivals_by_outcome", "origin_calls_and_limit"):
        ax = picture(charts()[kind], RUNS[run], None).axes[0]

        assert {panel.get_ylim()[0] for panel in (ax, *ax.child_axes)} == {0}


def _outcomes() -> Outcomes:
    return a_flash_sale(3)


def test_the_users_own_style_changes_nothing(tmp_path: Path) -> None:
    """A matplotlibrc on one machine must not change a byte of a report."""
    import matplotlib as mpl  # noqa: PLC0415 - only this test touches its settings

    plain = save_charts(_outcomes(), None, tmp_path / "plain")
    with mpl.rc_context({"font.size": 30.0, "axes.facecolor": "black"}):
        styled = save_charts(_outcomes(), None, tmp_path / "styled")

    assert [p.read_bytes() for p in plain] == [p.read_bytes() for p in styled]
