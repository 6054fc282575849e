"""The command line decides nothing: the Python API gives the same documents."""

import json
from importlib import import_module
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest

import simcoalesce
from simcoalesce import (
    Scenario,
    charts,
    compare,
    explain,
    fit,
    load_result,
    page,
    pareto,
    replicate,
    run,
    sensitivity,
    solve,
    sweep,
    why,
)
from simcoalesce.experiment.sweeps.merge import merged_rows
from simcoalesce.experiment.sweeps.sweep_table import frame_of
from simcoalesce.report.blocks.solution import solution_text
from tests.cli.command_line import ROOT, command


def test_run(sale: Path) -> None:
    """The result document is that of `replicate`, and its rows those of `run`."""
    printed = command("run", sale, "--json", "--reps", "2", "-o", "requests.csv").out
    scenario = Scenario.load(sale)

    assert json.loads(printed) == replicate(scenario, replications=2).document()
    assert Path("requests.csv").read_text() == run(scenario).requests.to_csv(
        index=False
    )


def test_compare(sale: Path) -> None:
    """A row of the table for each metric of the document."""
    printed = command("compare", sale, "@per-key", "--json").out
    (document,) = json.loads(printed)["comparisons"]
    table = compare(str(sale), "@per-key")

    assert table["metric"].tolist() == [one["metric"] for one in document["metrics"]]
    for row, one in zip(table.to_dict("records"), document["metrics"], strict=True):
        change = one["change"]
        assert (row["change"], row["verdict"]) == (change["mean"], one["verdict"])
        assert [row["ci95_low"], row["ci95_high"]] == change["ci95"]


def test_fit() -> None:
    """The document is that of the fit, byte by byte."""
    log = ROOT / "tests" / "assets" / "fit" / "h-combined-only.log.gz"

    assert command("fit", log, "--json").out == (
        json.dumps(fit(log).document(), indent=2, ensure_ascii=False) + "\n"
    )


def test_sweep_and_merge(sale: Path) -> None:
    """The table of all points, whole or joined."""
    vary = {"kv.write_latency": ["0ms", "80ms"]}
    axis = ["-P", "kv.write_latency=0ms,80ms", "--no-cache", "-j", "1"]
    command("sweep", sale, *axis, "-o", "table.csv")
    merged = pd.read_csv(StringIO(command("merge", "table.csv").out), dtype=str)
    table = sweep(Scenario.load(sale), vary)

    assert table.equals(frame_of(merged_rows([Path("table.csv")])))
    assert len(merged) == len(table)


def test_pareto(sale: Path) -> None:
    """The front of the document is in the table, with its means."""
    axis = ["-P", "kv.write_latency=0ms,40ms,80ms", "--no-cache", "-j", "1", "--json"]
    printed = command("sweep", sale, *axis, "--pareto", "origin_hits,errors").out
    vary, names = {"kv.write_latency": "0ms..80ms/3"}, ["origin_hits", "errors"]

    table = pareto(Scenario.load(sale), vary, metrics=names)
    front = table[table["verdict"] != "dominated"]
    document = json.loads(printed)["pareto"]
    assert front["point"].tolist() == [one["index"] for one in document]
    assert front[names].to_dict("records") == [one["means"] for one in document]
    assert set(table["dominated_by"].dropna()) == {0}


def test_sensitivity(sale: Path) -> None:
    """The indices of the document, parameter by parameter."""
    pytest.importorskip("scipy")
    vary = {"kv.write_latency": "0ms..80ms", "origin.latency": "1ms..100ms"}
    axes = [part for key, values in vary.items() for part in ("-P", f"{key}={values}")]
    options = ["--sensitivity", "--sample", "saltelli:4", "--no-cache", "-j", "1"]
    printed = command("sweep", sale, *axes, *options, "--json").out

    table = sensitivity(Scenario.load(sale), vary, size=4)
    known = ["parameter", "total_effect", "ci95_low", "ci95_high", "chance"]
    assert list(table) == known
    assert table.to_numpy().tolist() == [
        [one[name] for name in ("key", "total", "low", "high", "chance")]
        for one in json.loads(printed)["sobol_indices"]
    ]


def test_solve(sale: Path) -> None:
    """The same values are tried."""
    goal, axis = "origin_hits <= 10", "traffic.arrivals[0].within=100ms..10s"
    printed = command("solve", sale, "--for", goal, "--vary", axis).out

    text = solution_text(solve(Scenario.load(sale), goal, axis))
    assert printed.split() == text.split()


def test_explain(sale: Path) -> None:
    """One object has the document and the page."""
    printed = command("explain", sale, "--reps", "2", "--json", "-o", "page.html").out
    explanation = explain(Scenario.load(sale), replications=2)

    assert json.loads(printed) == explanation.document()
    assert Path("page.html").read_text(encoding="utf-8") == page(explanation)


@pytest.mark.parametrize("request_", ["slowest", "first-miss", "3"])
def test_why(sale: Path, request_: str) -> None:
    """The trace of one request, by its number or its name."""
    printed = command("why", sale, "--request", request_, "--json").out

    assert json.loads(printed) == why(Scenario.load(sale), request_).document()


def test_report_and_charts(sale: Path) -> None:
    """A saved result is made again, with its rows, its page and its charts."""
    saved = ["-o", "result.json", "-o", "page.html", "-o", "charts/"]
    command("run", sale, "-q", "--reps", "2", *saved)
    result = load_result("result.json")
    written = charts(result, "again")

    assert Path("page.html").read_text(encoding="utf-8") == page(result)
    assert page("result.json") == page(result)
    assert {path.name: path.read_bytes() for path in written} == {
        path.name: path.read_bytes() for path in Path("charts").iterdir()
    }


def test_a_room_does_not_hide_the_function_of_its_name() -> None:
    """`explain` can be called, whatever was imported before."""
    import_module("simcoalesce.explain.parallel")

    assert callable(simcoalesce.explain)
    assert [
        name for name in simcoalesce.__all__ if not hasattr(simcoalesce, name)
    ] == []
