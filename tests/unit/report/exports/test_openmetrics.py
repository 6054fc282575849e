"""OpenMetrics: a run over time, as Prometheus reads it."""

import re
from datetime import datetime

import pytest

from simcoalesce import Scenario
from simcoalesce.experiment.replicate import replicate
from simcoalesce.report.exports.openmetrics import OpenMetrics

SALE = """\
version: 1
name: sale
{starts_at}
duration: {duration}
traffic: {{arrivals: [{{kind: even, rate: 2.5/s, for: {duration}}}]}}
origin: {{latency: 120ms, rate_limit: {{kind: fixed_window, limit: 3, per: 1h}}}}
path: [origin]
"""
START = "2026-06-05T21:00:00+09:00"
SAMPLE = re.compile(r"^(\w+)\{(.*)\} (\S+) (\d+)$", re.MULTILINE)
"""A sample: name, labels, value, seconds since 1970 (OpenMetrics 1.0, ABNF)."""


def text_of(duration: str = "4s", starts_at: str = f"starts_at: {START}") -> str:
    """Return ten requests, of which three are answered, or more of them."""
    text = SALE.format(duration=duration, starts_at=starts_at)
    return OpenMetrics().text(replicate(Scenario.parse(text), replications=1))


def series(text: str, name: str, **labels: str) -> list[tuple[int, float]]:
    """Return the instants of a series in seconds from the start, and its values."""
    start = int(datetime.fromisoformat(START).timestamp())
    return [
        (int(instant) - start, float(value))
        for found, written, value, instant in SAMPLE.findall(text)
        if found == name
        and labels.items() <= dict(re.findall(r'(\w+)="([^"]*)"', written)).items()
    ]


def test_counters_say_how_many_were_answered_by_each_second() -> None:
    """At 0, 400 and 800 ms, each 120 ms later; the others are refused in 10 ms."""
    text = text_of()

    answered = series(text, "simcoalesce_requests_total", status="200", cache="miss")
    refused = series(text, "simcoalesce_requests_total", status="429")
    assert answered == [(0, 0), (1, 3), (2, 3), (3, 3), (4, 3)]
    assert refused == [(0, 0), (1, 0), (2, 2), (3, 5), (4, 7)]
    assert series(text, "simcoalesce_origin_requests_total", status="429") == refused
    assert text.endswith("\n# EOF\n")


def test_a_histogram_says_how_long_they_waited() -> None:
    """Three for 120 ms, seven for 10 ms."""
    text, name = text_of(), "simcoalesce_request_duration_seconds"

    assert series(text, f"{name}_bucket", le="0.1")[-1] == (4, 7)
    assert series(text, f"{name}_bucket", le="0.25")[-1] == (4, 10)
    assert series(text, f"{name}_bucket", le="+Inf") == series(text, f"{name}_count")
    assert series(text, f"{name}_sum", location="home")[-1][1] == pytest.approx(0.43)


def test_a_long_run_is_sampled_less_often() -> None:
    """An hour every 5 s; the last sample is the first one after all is answered."""
    sampled = series(text_of("1h"), "simcoalesce_requests_total", status="429")

    assert [instant for instant, _ in sampled] == [*range(0, 3_601, 5)]
    assert sampled[-1][1] == 2.5 * 3_600 - 3


def test_without_a_wall_clock_a_run_begins_in_1970() -> None:
    """The same file on every machine."""
    assert SAMPLE.findall(text_of(starts_at=""))[0][3] == "0"
