"""Latencies of answered requests are compared only where as many were answered."""

import pytest

from simcoalesce.experiment.answered import (
    Coverage,
    ErrorShares,
    coverage,
    is_of_answered,
    same_are_answered,
)
from simcoalesce.experiment.metric_values import MetricValues
from tests.unit.experiment.builders import a_comparison, a_sale, measured

METRICS = ["errors", "latency_p50_s", "latency_error_p50_s", "origin_hits"]


def runs(*errors: float, rejected: float = 0) -> MetricValues:
    """Return runs of 1,000 requests with so many errors."""
    return measured(
        requests=[1_000] * len(errors),
        errors=errors,
        origin_rejected=[rejected] * len(errors),
        origin_failed=[0] * len(errors),
    )


def reason(base: MetricValues, other: MetricValues) -> str | None:
    """Return why the latencies of two sales are not comparable."""
    pair = (a_sale(), a_sale())
    return ErrorShares.of(pair, (base, other), is_paired=True).reason


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ([10, 10], [0, 0], None),
        ([11, 11], [0, 0], "1.1 % got an error before"),
        ([0, 0], [11, 11], "1.1 % got an error after"),
        ([300, 300], [200, 200], "30 % got an error before, 20 % got an error after"),
        ([11], [0], "1.1 % got an error before"),
        ([10], [0], None),
        ([0, 0], [0, 0], None),
    ],
)
def test_shares_of_errors_differ_by_at_most_one_percent_of_the_requests(
    before: list[float], after: list[float], told: str | None
) -> None:
    """Of 1,000 requests ten may fail more or less; either way."""
    assert reason(runs(*before), runs(*after)) == told


def test_seeds_that_do_not_know_the_shares_compare_no_latencies() -> None:
    """Changes of -1, 0 and +1 %: their mean is 0, and known to ±2.5 % (t: 4.303)."""
    told = reason(runs(20, 20, 20), runs(10, 20, 30))

    assert told == (
        "2 % got an error before, 2 % got an error after, a difference of up to 2.5 %"
    )


def test_only_errors_that_are_refusals_are_called_refused() -> None:
    """As many calls were refused as requests got an error, and none failed."""
    refused = runs(230, 230, rejected=230)

    assert reason(refused, runs(0, 0)) == "23 % were refused before"
    assert reason(runs(230, 230, rejected=460), runs(0, 0)) == (
        "23 % got an error before"
    )


def test_who_refuses_is_not_faster() -> None:
    """55 of 60 refusals at once: the median of the others is no better median."""
    found = {one.metric: one for one in a_comparison(metrics=METRICS).differences}

    assert found["errors"].verdict == "worse"
    latency = found["latency_p50_s"]
    assert (latency.verdict, latency.better_in) == ("not comparable", None)
    assert str(latency.reason).endswith("% were refused after")


TIMEOUT = "{timeout: {after: 100ms, cancels: true}}"
HANG_UP = "{abandon: {after: 100ms}}"


@pytest.mark.parametrize(
    ("front", "told"),
    [
        (TIMEOUT, "100 % timed out after"),
        (HANG_UP, "100 % gave up after"),
        (f"{HANG_UP}, {TIMEOUT}", "100 % got an error after"),
        (f"{TIMEOUT}, single_flight", "timed out after"),
        (f"{TIMEOUT}, {{single_flight: {{leader_bound: true}}}}", "an error after"),
        ("{limiter: {rate_limit: {kind: fixed_window, limit: 1, per: 1m}}}", "refused"),
        ("durable_object, {timeout: {after: 100ms}}", "% got an error after"),
    ],
)
def test_an_error_is_called_what_the_only_layer_says_that_makes_one(
    front: str, told: str
) -> None:
    """The origin takes 120 ms, and would answer all."""
    found = a_comparison(f"path=[{front}, kv.read, kv.write, origin]")

    assert told in str(found.error_shares.reason)


def test_metrics_of_all_requests_are_compared_as_ever() -> None:
    """Only percentiles of a part of the requests are not."""
    verdicts = {
        one.metric: one.verdict for one in a_comparison(metrics=METRICS).differences
    }

    assert verdicts["origin_hits"] != "not comparable"


def test_a_latency_covers_the_requests_that_were_answered() -> None:
    """Of 1,000 requests, 616 to 800 were answered; the others got errors."""
    some = runs(384, 200)

    assert coverage("latency_p50_s", some) == Coverage(616, 800, is_all=False)
    assert coverage("latency_error_p50_s", some) == Coverage(200, 384, is_all=False)
    assert coverage("latency_p50_s", runs(0, 0)) == Coverage(1000, 1000, is_all=True)
    assert coverage("origin_hits", some) is None


def test_latencies_of_all_requests_are_not_of_answered_ones() -> None:
    """They have both in both scenarios."""
    assert is_of_answered("latency_p99_s")
    assert not is_of_answered("latency_all_p99_s")


def test_ages_of_what_was_served_compare_as_latencies_do() -> None:
    """Who is refused gets no value, young or old; how many had one is not counted."""
    names = ["age_p50_s", "age_max_s"]
    differences = a_comparison(metrics=names).differences

    assert [one.verdict for one in differences] == ["not comparable"] * 2
    assert {str(one.reason)[-18:] for one in differences} == {"were refused after"}
    assert coverage("age_p99_s", runs(0, 0)) is None


@pytest.mark.parametrize(("errors", "is_so"), [(10, True), (11, False)])
def test_the_same_are_answered_within_one_percent(errors: float, is_so: bool) -> None:  # noqa: FBT001 - what is expected
    """Of 1,000 requests ten may fail more."""
    assert same_are_answered(runs(0, 0), runs(errors, errors)) == is_so
