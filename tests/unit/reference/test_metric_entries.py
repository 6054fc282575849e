"""Metrics: each tells its unit, what it counts, and when a run has none."""

from pydantic import TypeAdapter

from simcoalesce.metrics import METRICS, Expectation
from simcoalesce.reference.metric_entries import metric_entries

ENTRIES = {entry.name: entry for entry in metric_entries()}


def test_every_metric_says_what_it_is() -> None:
    """In a sentence of its own."""
    assert [*ENTRIES] == [*METRICS]
    assert all(entry.summary.endswith(".") for entry in ENTRIES.values())
    assert len({entry.text for entry in ENTRIES.values()}) == len(METRICS)


def test_an_example_is_an_expectation() -> None:
    """It can be copied."""
    expectation = TypeAdapter(Expectation)
    for entry in ENTRIES.values():
        written = entry.example.removeprefix("expect: [").removesuffix("]")
        expectation.validate_python(written)


def test_a_percentile_says_of_what_it_is() -> None:
    """Answers, errors, all requests, ages or pages."""
    assert ENTRIES["latency_error_p99_s"].summary == (
        "The latency that 99 % of the requests with an error do not exceed."
    )
    assert "fewer than 1000" in ENTRIES["latency_p999_s"].facts["none if"]
