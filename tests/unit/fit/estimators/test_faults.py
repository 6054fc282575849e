"""Outages and failures of a log."""

from tests.fit_logs import Entry, a_log, fetch, found_in, hit


def calls(failing: range) -> list[Entry]:
    """Return a call each 100 ms for 10 s; some fail with 503 after 30 ms."""
    return [
        fetch(n / 10, 30, f"/{n}", status=503)
        if n in failing
        else fetch(n / 10, 90, f"/{n}")
        for n in range(100)
    ]


def test_an_outage_is_a_window_between_good_calls() -> None:
    """Calls from 3.0 to 4.9 s fail: from 2.95 until 4.95 s."""
    found = found_in(a_log([*calls(range(30, 50)), hit(5, "/0")]), "faults")

    (fault,) = found.sets["origin.faults"]
    assert fault == {
        "kind": "window",
        "from": "2.95s",
        "until": "4.95s",
        "status": 503,
        "takes": "30ms",
    }


def test_failures_here_and_there_come_by_chance() -> None:
    """Every tenth call of a hundred."""
    found = found_in(a_log([*calls(range(0, 100, 10)), hit(5, "/1")]), "faults")

    (fault,) = found.sets["origin.faults"]
    assert (fault["kind"], fault["probability"]) == ("random", "10%")


def test_two_failures_are_no_rule() -> None:
    """Of a hundred calls."""
    found = found_in(a_log([*calls(range(0, 100, 50)), hit(5, "/1")]), "faults")

    assert found.told == "not told"
