"""The limit of a log."""

from tests.fit_logs import Entry, a_log, fetch, found_in, hit


def calls(limit: int) -> list[Entry]:
    """Return 20 calls a second; so many in each second of the wall clock get a 200."""
    return [
        fetch(
            second + n / 20,
            20 if n < limit else 5,
            f"/{second}-{n}",
            status=200 if n < limit else 429,
        )
        for second in range(20)
        for n in range(20)
    ]


def test_a_window_of_the_wall_clock_is_found() -> None:
    """Eight calls in each second."""
    found = found_in(a_log([hit(0.01, "/0-0"), *calls(8)]), "rate_limit")

    written = found.sets["origin.rate_limit"]
    assert (written["kind"], written["limit"], written["per"]) == (
        "fixed_window",
        8,
        "1s",
    )
    assert found.contradictions == 0


def test_a_limit_that_nobody_met_has_a_lower_bound() -> None:
    """20 calls in a second are admitted."""
    found = found_in(a_log([hit(0.01, "/0-0"), *calls(20)]), "rate_limit")

    assert found.told == "not told"
    assert "above 20 calls in a second" in found.evidence
