"""The benchmarks compare like with like: all engines count the same."""

import pytest

from benchmarks.cases import CASES
from benchmarks.engines import ENGINES
from benchmarks.growth import Point, drawn, headline

REQUESTS = 2_000
COMPARED = [
    (name, engine)
    for name, case in CASES.items()
    for engine in ENGINES
    if engine != "simcoalesce, SimPy" and ENGINES[engine].knows(case, REQUESTS)
]


@pytest.mark.parametrize(("name", "engine"), COMPARED)
def test_every_engine_counts_what_the_readable_one_counts(
    name: str, engine: str
) -> None:
    """Requests, cache hits, origin calls and the longest latency."""
    case = CASES[name]
    expected = ENGINES["simcoalesce, SimPy"].simulate(case, REQUESTS)

    assert ENGINES[engine].simulate(case, REQUESTS).agrees(expected)


def test_another_longest_latency_is_another_count() -> None:
    """A microsecond is enough, a rounding is not."""
    counts = ENGINES["plain SimPy"].simulate(CASES["M/M/1"], 100)
    later = [counts._replace(longest_s=counts.longest_s + s) for s in (1e-9, 1e-5)]

    assert [counts.agrees(other) for other in later] == [True, False]


def test_every_case_is_a_scenario() -> None:
    """It loads, with as many requests as it says."""
    wanted = {name: min(case.sizes) for name, case in CASES.items() if not case.file}

    expected = {
        name: round(s.traffic.expected_requests(s.duration_ns))
        for name, requests in wanted.items()
        for s in [CASES[name].scenario(requests)]
    }

    assert expected == wanted


def test_the_picture_of_growth_says_what_the_longest_run_took() -> None:
    """Of its points, the one with the most requests."""
    points = [
        Point(grown, size, "the same, without rows", size / 1e6, 12.0)
        for grown in ("requests", "keys", "isolates")
        for size in (1_000, 1_000_000)
    ]
    figure = drawn(points)

    assert headline(points).startswith("1,000,000 requests take 1.0 s and 12 MB")
    assert len(figure.axes) == 6
