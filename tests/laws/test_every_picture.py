"""Laws of every picture: it draws any subject, says what it shows, repeats itself."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simcoalesce.experiment.sweeps.pareto import pareto_front
from simcoalesce.experiment.sweeps.sobol_indices import SobolIndex
from simcoalesce.fit.back_test import BackTest, ComparedPart
from simcoalesce.fit.observed_part import ObservedPart
from simcoalesce.model.layer import Layer
from simcoalesce.outcomes import Lookup
from simcoalesce.report.blocks.run_view import RunView
from simcoalesce.report.blocks.sobol_view import SobolView
from simcoalesce.report.blocks.sweep_view import view
from simcoalesce.report.drawing.figure import figure_of, save_pictures, svg_text
from simcoalesce.report.picture import pictures, pictures_of
from tests.builders import a_path, an_origin
from tests.unit.experiment.builders import a_comparison
from tests.unit.explain.builders import an_explanation
from tests.unit.report.builders import (
    MS,
    a_coalesced_sale,
    a_context,
    a_flash_sale,
    a_sweep,
    many_hits,
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
    "100,000 of many keys": many_hits(),
    "only hits": outcomes_of(range(0, 500 * MS, MS)),
    "only errors": outcomes_of(
        range(0, 50 * MS, MS), status=503, lookup=Lookup.MISS, latency_ns=30 * MS
    ),
}


def a_sobol_view() -> SobolView:
    """Return total effects of two parameters."""
    indices = (
        SobolIndex("origin.latency", 0.9, 0.7, 1.1, 0.01),
        SobolIndex("kv.write_latency", 0.1, 0.05, 0.2, None),
    )
    return SobolView(view(a_sweep("grid"), None, None), indices)


def a_back_test() -> BackTest:
    """Return a back-test of five seconds whose third is predicted too low."""
    of_log, of_run = (
        ObservedPart(500, sum(calls), 500 - sum(calls), 0, (), np.array(calls))
        for calls in ([10, 20, 30, 20, 10], [10, 20, 20, 20, 10])
    )
    main = ComparedPart("fitted", of_log, (of_run,))
    return BackTest(15.0, 20.0, (0.0, 15.0), main)


def a_path_with_a_limit() -> list[Layer]:
    """Return a path whose origin admits 1,200 calls in five minutes."""
    limit = {"kind": "fixed_window", "limit": 1_200, "per": "5m"}
    return a_path("kv.read", an_origin(rate_limit=limit))


CONTEXT = a_context(
    starts_at=datetime(2026, 6, 5, 12, tzinfo=UTC), path=a_path_with_a_limit()
)
CLOCKED = ("none", "800", "800 in each of five bursts")
SUBJECTS = {
    **{name: RunView(run) for name, run in RUNS.items()},
    **{f"{name}, with a scenario": RunView(RUNS[name], CONTEXT, 9) for name in CLOCKED},
    "grid": view(a_sweep("grid"), None, None),
    "one at a time": view(a_sweep("oat"), None, None),
    "one parameter": view(a_sweep("grid", axes=1), None, None),
    "front": pareto_front(a_sweep("grid"), ("origin_hits", "miss_window_s")),
    "front of three": pareto_front(
        a_sweep("grid"), ("origin_hits", "miss_window_s", "cost_usd")
    ),
    "no front": pareto_front(
        a_sweep("grid"), ("first_rejected_at_s", "latency_error_p50_s")
    ),
    "total effects": a_sobol_view(),
    "explanation": an_explanation(),
    "comparison": a_comparison(),
    "back-test": a_back_test(),
}


def drawings() -> list[Any]:
    """Return each picture of each subject that allows it."""
    return [
        pytest.param(kind, subject, id=f"{kind} {name}")
        for name, subject in SUBJECTS.items()
        for kind in pictures_of(subject)
    ]


@pytest.mark.parametrize(("kind", "subject"), drawings())
def test_a_possible_picture_states_what_it_shows(kind: str, subject: object) -> None:
    """Whatever happened, it has a headline that was computed, and is drawn."""
    picture = pictures()[kind]

    assert len(picture.headline(subject)) > 10
    assert figure_of(picture, subject).axes


def test_every_picture_has_a_subject_here() -> None:
    """No member of the family is left out of these laws."""
    assert {drawn.values[0] for drawn in drawings()} == pictures().keys()


@pytest.mark.parametrize("name", SUBJECTS)
def test_every_subject_gets_a_picture(name: str, tmp_path: Path) -> None:
    """No run is too short, too empty or too failed to be shown."""
    paths = save_pictures(SUBJECTS[name], tmp_path)

    assert paths
    assert all(path.stat().st_size > 1_000 for path in paths)


@pytest.mark.parametrize(
    "name", ["800, with a scenario", "grid", "one parameter", "explanation"]
)
def test_the_same_subject_gives_the_same_bytes(name: str, tmp_path: Path) -> None:
    """Two drawings differ in no byte, PNG and SVG alike."""
    first = save_pictures(SUBJECTS[name], tmp_path / "a")
    again = save_pictures(SUBJECTS[name], tmp_path / "b")

    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in again]


def most_bytes_of(subject: object) -> int:
    """Return the limit of an SVG; a run of thousands has a step for each call."""
    run = subject.outcomes if isinstance(subject, RunView) else outcomes_of([])
    return 150_000 if len(run.request_rows.request) <= 800 else 350_000


@pytest.mark.parametrize(("kind", "subject"), drawings())
def test_an_svg_is_small_and_titled_and_has_no_date(kind: str, subject: object) -> None:
    """It fits into a page that is mailed around, and holds no day and no version."""
    text = svg_text(pictures()[kind], subject)

    assert re.search(r"<dc:title>.{10,}</dc:title>", text)
    assert "dc:date" not in text
    assert len(text) < most_bytes_of(subject)


@pytest.mark.parametrize("name", ["800", "coalesced", "800 in each of five bursts"])
def test_counts_begin_at_zero(name: str) -> None:
    """A bar or a step never starts above zero, in a zoom neither."""
    for kind in ("arrivals_by_outcome", "origin_calls_and_limit"):
        ax = figure_of(pictures()[kind], RunView(RUNS[name])).axes[0]

        assert {panel.get_ylim()[0] for panel in (ax, *ax.child_axes)} == {0}


def test_the_users_own_style_changes_nothing(tmp_path: Path) -> None:
    """A matplotlibrc on one machine must not change a byte of a report."""
    import matplotlib as mpl  # noqa: PLC0415 - only this test touches its settings

    run = RunView(a_flash_sale(3))
    plain = save_pictures(run, tmp_path / "plain")
    with mpl.rc_context({"font.size": 30.0, "axes.facecolor": "black"}):
        styled = save_pictures(run, tmp_path / "styled")

    assert [p.read_bytes() for p in plain] == [p.read_bytes() for p in styled]
