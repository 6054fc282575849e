"""Charts of a run: the same numbers as its pictures, in time as it was."""

from collections.abc import Mapping
from typing import Any

from simcoalesce.report.blocks.run_view import RunView
from simcoalesce.report.pictures.arrivals_by_outcome import ArrivalsByOutcome
from simcoalesce.report.pictures.latency_ecdf import LatencyEcdf
from simcoalesce.report.pictures.origin_calls_and_limit import OriginCallsAndLimit
from tests.unit.report.builders import MS, a_flash_sale, many_hits, outcomes_of


def test_bars_of_arrivals_add_up_to_the_requests() -> None:
    """Of each view: the stampede first, then the whole run."""
    run = RunView(a_flash_sale(bursts=2))
    near, whole = ArrivalsByOutcome().series(run)

    def total(view: Mapping[str, Any]) -> int:
        return sum(sum(one["values"]) for one in view["panel"]["bars"])

    assert total(near) == len(run.stampede.shown)
    assert total(whole) == len(run.outcomes.request_rows.request)


def test_the_first_hit_is_marked_where_the_miss_window_ends() -> None:
    """And the window is shaded up to there."""
    run = RunView(a_flash_sale(bursts=2))
    shown = ArrivalsByOutcome().series(run)[0]["view"]

    assert shown["marks"][0]["at"] == shown["shaded"][1]
    assert shown["marks"][0]["label"].startswith("first cache hit, after")


def test_a_run_without_requests_has_no_chart() -> None:
    """Its picture says so."""
    run = RunView(outcomes_of([]))

    assert not ArrivalsByOutcome().series(run)
    assert not LatencyEcdf().series(run)


def test_calls_that_are_refused_are_apart_from_accepted_ones() -> None:
    """Calls a second, times the width of a bin, are the calls."""
    run = RunView(a_flash_sale(bursts=5, limit=1_200))
    whole = OriginCallsAndLimit().series(run)[1]
    of = {one["name"]: sum(one["values"]) for one in whole["panel"]["bars"]}
    refused = int((run.outcomes.origin_rows.status == 429).sum())

    assert round(of["refused"] * whole["view"]["width"]) == refused


def test_every_latency_is_below_the_longest() -> None:
    """At it the curve is at 100 %; four of four at 5 ms."""
    chart = LatencyEcdf().series(RunView(outcomes_of([0, MS, 2 * MS, 3 * MS])))[0]

    assert chart["panel"]["x"] == [5.0]
    assert chart["panel"]["lines"][0]["values"] == [100.0]
    many = LatencyEcdf().series(RunView(many_hits()))[0]
    assert many["panel"]["lines"][0]["values"][-1] == 100
