"""Parts of the requests have tallies of their own."""

from pathlib import Path

import numpy as np
import pytest

from simcoalesce.experiment.compare import comparisons
from simcoalesce.experiment.metric_values import measured, metric_values
from simcoalesce.experiment.replicate import replicate
from simcoalesce.experiment.selected_tallies import tally_of
from simcoalesce.experiment.single_run import run, run_tally
from simcoalesce.metrics import metric_of
from simcoalesce.scenario.scenario import Scenario

FIVE = """\
t_s,key,location
0,sale,icn
10,sale,lhr
20,other,icn
30,sale,icn
40,other,lhr
"""
"""The origin accepts the first two of them, and refuses three."""

SCENARIO = """\
version: 1
starts_at: 2026-06-05T21:00:30+09:00
duration: 50s
replications: 2
traffic: {{arrivals: [{{kind: replay, file: five.csv, spread: 0ms}}]}}
origin: {{latency: 120ms, rate_limit: {{kind: fixed_window, limit: 2, per: 1m}}}}
path: [origin]
expect: ["{0}"]
"""
BUSY = """\
version: 1
duration: 20s
traffic:
  arrivals: [{kind: rate, rate: 300/s}]
  keys: {kind: zipf, s: 1, n: 20}
  locations: {icn: 3, lhr: 1}
origin: {latency: 120ms, rate_limit: {kind: fixed_window, limit: 20, per: 1s}}
kv: {ttl: 500ms, stale_while_revalidate: 2s}
path: [kv.read, kv.write, origin]
expect:
  - errors[location=icn] <= 1M and hit_ratio[key=key-1, 5s..10s] >= 0
  - origin_hits[location=lhr] / requests[location=lhr] <= 1
  - latency_p99_s[5s..10s] < 1h and stampede_size_max[key=key-2] <= 1M
"""
FAULT = "{kind: always, status: 503, keys: [a]}"
TWO_KEYS = """\
version: 1
duration: 10s
replications: 2
traffic:
  arrivals:
    - {kind: even, requests: 4, every_request: 1s, keys: {kind: one, key: a}}
    - {kind: even, rate: 100/s, keys: {kind: one, key: b}}
origin: {latency: 120ms}
path: [origin]
"""


def a_scenario(folder: Path, expected: str) -> Scenario:
    """Return the scenario of five requests that expects something."""
    (folder / "five.csv").write_text(FIVE)
    return Scenario.parse(SCENARIO.format(expected), folder=folder)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("errors[location=icn]", 2),
        ("errors[key=sale]", 1),
        ("errors[location=icn, key=other]", 1),
        ("error_ratio[location=lhr]", 0.5),
        ("origin_hits[key=sale]", 3),
        ("origin_hits[location=lhr]", 2),
        ("origin_hits[location=icn, 10s..25s]", 1),
        ("requests[10s..40s]", 3),
        ("errors[35s..]", 1),
        ("errors[21:00:50..21:01:10]", 2),
        ("first_rejected_at_s[key=sale]", 30),
        ("latency_max_s[key=sale]", 0.12),
    ],
)
@pytest.mark.parametrize("engine", ["simpy", "compiled"])
def test_a_metric_is_of_the_part_that_it_names(
    tmp_path: Path, name: str, value: float, engine: str
) -> None:
    """Whatever engine there is, with rows and without."""
    unit = {"s": "s"}.get(metric_of(name).unit, "")
    scenario = a_scenario(tmp_path, f"{name} == {value}{unit}")
    scenario = scenario.with_overrides(f"engine={engine}")

    for result in (replicate(scenario), replicate(scenario, rows=1)):
        assert [one.truth for one in result.expectations] == ["holds"]
    assert metric_values(scenario).values[name] == (value, value)


def test_a_document_says_what_was_found_of_a_part(tmp_path: Path) -> None:
    """Under its name, beside its mean."""
    result = replicate(a_scenario(tmp_path, "errors[key=sale] == 0"))

    (verdict,) = result.document()["expectations"]

    assert (verdict["that"], verdict["mean"]) == ("errors[key=sale] == 0", 1.0)
    assert result.truth == "fails"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("errors[location=icm]", 'errors.*no location "icm" — did you mean "icn"'),
        ("errors[location=paris]", 'no location "paris"; there are icn, lhr'),
        ("errors[key=sales]", 'no key "sales" — did you mean "sale"'),
        ("errors[40s..60s]", "40s..60s is not within the 50s of the run"),
    ],
)
def test_a_part_that_does_not_exist_is_refused(
    tmp_path: Path, name: str, told: str
) -> None:
    """With what exists."""
    with pytest.raises(ValueError, match=told):
        replicate(a_scenario(tmp_path, f"{name} == 0"))


def test_a_part_without_requests_has_no_ratio(tmp_path: Path) -> None:
    """It is undecided, as a ratio of no requests is."""
    result = replicate(a_scenario(tmp_path, "error_ratio[1s..5s] <= 5%"))

    (verdict,) = result.expectations

    assert verdict.truth == "undecided"
    assert str(verdict.evaluation.reason).startswith("no request arrived in 2 of 2")


def test_all_ways_to_simulate_count_the_same_parts() -> None:
    """Calls behind answered requests too: the cache refreshes in the background."""
    sale = Scenario.parse(BUSY)
    ways = [
        run_tally(sale.with_overrides("engine=simpy")),
        run_tally(sale.with_overrides("engine=compiled")),
        tally_of(sale, run(sale, engine="simpy")),
    ]
    bill = sale.load_bill_terms().prorated().bill({})

    first, *others = (measured(one, bill) for one in ways)

    assert 0 < (first["origin_hits[location=lhr]"] or 0) < (first["origin_hits"] or 0)
    assert others == [first, first]


def test_the_parts_of_a_whole_add_up() -> None:
    """Each request is at one location, and so is each call."""
    sale = Scenario.parse(BUSY)
    outcomes = run(sale)
    tally = tally_of(sale, outcomes)
    rows, calls = outcomes.request_rows, outcomes.origin_rows
    is_lhr = rows.location == outcomes.locations.index("lhr")

    part = tally.selected["requests[location=lhr]"]

    assert part.counts[0] == np.count_nonzero(is_lhr)
    found = tally.selected["origin_hits[location=lhr]"].calls.count
    assert found == np.count_nonzero(is_lhr[calls.request])


def test_a_comparison_shows_the_parts_that_all_expect_something_of(
    tmp_path: Path,
) -> None:
    """Behind the metrics of all requests; what one alone expects is left out."""
    one = a_scenario(tmp_path, "errors[key=sale] == errors[35s..]")
    other = a_scenario(tmp_path, "errors[key=sale] == 0")

    (found,) = comparisons([one, other])

    parts = [one.metric for one in found.differences if "[" in one.metric]
    assert parts == ["errors[key=sale]"]


def test_latencies_of_a_part_compare_if_as_many_of_it_are_answered() -> None:
    """All 4 requests for a fail, which are 0.4 % of the whole: within the margin."""
    base = Scenario.parse(TWO_KEYS)
    other = base.with_overrides(f"origin.faults=[{FAULT}]")
    metrics = ["latency_max_s", "latency_max_s[key=a]", "latency_max_s[key=b]"]

    (found,) = comparisons([base, other], metrics=metrics)

    reasons = {one.metric: one.reason for one in found.differences}
    assert reasons == {
        "latency_max_s": None,
        "latency_max_s[key=a]": "100 % got an error after",
        "latency_all_max_s[key=a]": None,
        "latency_max_s[key=b]": None,
    }


def test_a_scenario_that_is_asked_for_more_is_the_same() -> None:
    """It has the same digest, and keeps what it is asked for under changes."""
    sale = Scenario.parse(BUSY)
    asked = sale.with_metrics("errors[key=key-3]", "errors")

    assert asked.sha256 == sale.sha256
    assert asked.selected_metrics == (*sale.selected_metrics, "errors[key=key-3]")
    assert asked.with_overrides("seed=2").selected_metrics == asked.selected_metrics


def test_a_change_that_removes_what_is_asked_for_is_refused() -> None:
    """With the name of the metric."""
    asked = Scenario.parse(BUSY).with_metrics("errors[12s..15s]")

    with pytest.raises(ValueError, match=r"errors\[12s..15s\]: .* the 11s of the run"):
        asked.with_overrides("duration=11s")
