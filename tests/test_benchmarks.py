"""The benchmarks compare like with like: all engines count the same."""

import pytest

from benchmarks.cases import CASES, plain, simpy

COMPARED = [name for name, case in CASES.items() if case.coalescing]


@pytest.mark.parametrize("name", COMPARED)
def test_the_plain_model_counts_what_the_simulator_counts(name: str) -> None:
    """Requests, cache hits and origin calls."""
    case = CASES[name]

    assert plain(case, 2_000) == simpy(case, 2_000)


def test_every_case_is_a_scenario() -> None:
    """It loads, with as many requests as it says."""
    wanted = {name: min(case.sizes) for name, case in CASES.items() if not case.file}

    expected = {
        name: round(s.traffic.expected_requests(s.duration_ns))
        for name, requests in wanted.items()
        for s in [CASES[name].scenario(requests)]
    }

    assert expected == wanted
