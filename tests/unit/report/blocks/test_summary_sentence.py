"""One sentence that a manager can read."""

from datetime import UTC, datetime

from simcoalesce.report.blocks.summary_sentence import sentence, sentence_of_run
from tests.unit.report.builders import (
    MS,
    a_coalesced_sale,
    a_context,
    a_flash_sale,
    a_result,
    calls_of,
    outcomes_of,
)

AT_NINE = a_context(starts_at=datetime(2026, 6, 5, 21, tzinfo=UTC))


def test_a_stampede_that_was_refused() -> None:
    """How many, what share, how many refusals, and when the first of them."""
    run = a_flash_sale(bursts=5, limit=1_200)

    assert sentence(a_result(run, run, context=AT_NINE)) == (
        "2,830 of 4,000 requests (71 %) reached the origin;"
        " it refused 1,630, the first at 21:02:00."
    )


def test_a_run_in_which_all_went_well() -> None:
    """Nothing refused, everybody answered."""
    assert sentence(a_result(a_coalesced_sale(), a_coalesced_sale())) == (
        "1 of 800 requests (0.1 %) reached the origin;"
        " it refused none, and every request was answered."
    )


def test_a_mean_instant_is_only_about_right() -> None:
    """A minute apart in two runs: at their mean nothing happened."""
    early, late = (a_flash_sale(bursts=5, limit=limit) for limit in (1_000, 1_400))

    assert "the first at about 21:02:30" in sentence(
        a_result(early, late, context=AT_NINE)
    )


def test_refusals_in_some_runs_only() -> None:
    """An average would sound as if every run had them."""
    told = sentence(a_result(a_flash_sale(limit=400), a_flash_sale()))

    assert "it refused some in 1 of 2 runs, the first after about " in told


def test_errors_that_are_no_refusals() -> None:
    """They are told besides."""
    run = outcomes_of(range(0, 10 * MS, MS), status=504, lookup=0)

    assert sentence_of_run(run) == (
        "None of 10 requests reached the origin; 10 (100 %) got an error."
    )


def test_retries_make_calls_not_requests() -> None:
    """Three calls for two requests are no share of them."""
    calls = calls_of([0, 0, 1], [0, 5 * MS, 6 * MS], [4 * MS] * 3, [503, 200, 200])

    assert sentence_of_run(outcomes_of([0, MS], calls=calls)) == (
        "2 requests made 3 calls to the origin;"
        " it refused none, and every request was answered."
    )


def test_a_run_without_requests() -> None:
    """There is nothing to tell of."""
    assert sentence_of_run(outcomes_of([])) == "No request arrived."
    assert sentence(a_result(outcomes_of([]))) == "No request arrived."
