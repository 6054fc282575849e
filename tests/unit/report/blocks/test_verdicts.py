"""Expectations and what became of them."""

from simcoalesce.report.blocks.report import tone_of
from simcoalesce.report.blocks.verdicts import sign_of, verdict_text, why_not
from tests.unit.report.builders import a_flash_sale, a_result


def told(expect: str | dict[str, str]) -> tuple[str, str, list[str]]:
    """Return what is said of an expectation about runs of 800 and 780 requests."""
    result = a_result(a_flash_sale(), a_flash_sale(780), expect=[expect])
    (verdict,) = result.expectations
    return sign_of(verdict), verdict_text(verdict), [*why_not(verdict)]


def test_what_is_met_needs_no_reason() -> None:
    """Nobody has to read it."""
    sign, _, why = told({"that": "requests > 600", "because": "it is a sale"})

    assert (sign, why) == ("✓", [])


def test_what_is_met_by_equal_numbers_says_how_far_that_reaches() -> None:
    """Two runs without errors: 1 - 0.05^(1/2) = 77.6 %."""
    sign, _, why = told("errors == 0")

    assert sign == "✓"
    assert why == ["otherwise in 0 of 2 runs; so at most 77.6 % of runs"]


def test_a_sign_has_its_tone() -> None:
    """Set where the sign is worded, so that no form reads the sign."""
    warns = {"that": "stale_served > 0", "level": "warn"}
    signs = [
        told("errors == 0")[0],
        told("latency_p99_s < 100ms")[0],
        told(warns)[0],
        told("requests <= 791")[0],
    ]

    assert list(map(tone_of, signs)) == ["good", "bad", "warn", "warn"]


def test_what_is_not_met_shows_what_was_observed() -> None:
    """With the interval that decided."""
    assert told("latency_p99_s < 100ms") == (
        "✗",
        "✗  latency_p99_s < 100ms, but 205 ms",
        [],
    )


def test_a_warning_says_that_it_is_one_and_gives_its_reason() -> None:
    """It does not fail the run."""
    expected = {"that": "stale_served > 0", "level": "warn", "because": "swr is on"}

    assert told(expected) == (
        "warn",
        "warn  stale_served > 0, but 0  (does not change the exit code)",
        ["swr is on"],
    )


def test_what_only_warns_does_not_look_like_more_if_undecided() -> None:
    """It does not change the exit code either."""
    sign, text, _ = told({"that": "requests <= 791", "level": "warn"})

    assert sign == "warn"
    assert text.startswith("warn  requests <= 791, undecided: 790 [663 to 917]")
    assert text.endswith("  (does not change the exit code)")


def test_what_cannot_be_decided_says_what_would() -> None:
    """The limit lies within the interval."""
    sign, text, why = told("requests <= 791")

    assert (sign, text) == ("?", "?  requests <= 791: 790 [663 to 917]")
    assert why[0] == "the limit lies within the 95 % interval"
    assert why[1].endswith("runs would decide")
