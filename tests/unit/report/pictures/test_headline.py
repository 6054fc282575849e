"""What a picture shows, in one line."""

from datetime import UTC, datetime

import numpy as np

from simcoalesce.outcomes import Outcomes
from simcoalesce.report.pictures.headline import (
    latency_headline,
    origin_headline,
    stampede_headline,
    subtitle,
    wait_headline,
)
from simcoalesce.report.pictures.viewport import largest_stampede, whole_run
from tests.unit.report.builders import (
    MS,
    ASetting,
    a_coalesced_sale,
    a_flash_sale,
    outcomes_of,
)

AT_NINE = ASetting(starts_at=datetime(2026, 6, 5, 21, tzinfo=UTC))


def found(outcomes: Outcomes) -> str:
    """Return the finding about the largest stampede."""
    return stampede_headline(outcomes, largest_stampede(outcomes))


def test_a_stampede_is_told_by_its_door() -> None:
    """How long it was open, and how many went through."""
    assert found(a_flash_sale()) == (
        "Door open for 205 ms: 410 of 800 requests reach the origin"
    )


def test_coalescing_is_told_by_who_waits() -> None:
    """One goes, the others wait for it."""
    assert found(a_coalesced_sale()) == (
        "Door open for 209 ms: 1 of 800 requests reaches the origin; 417 wait for it"
    )


def test_refusals_are_part_of_the_finding() -> None:
    """They matter more than who waits."""
    assert found(a_flash_sale(limit=400)).endswith("reach the origin; it refuses 10")


def test_a_run_without_misses_has_no_door() -> None:
    """Nobody reaches the origin."""
    assert found(outcomes_of([0, MS])) == "0 of 2 requests reach the origin"
    assert found(outcomes_of([])) == "No request arrived"


def test_the_origin_is_told_by_its_first_refusal() -> None:
    """When it was, and what it had taken before."""
    outcomes = a_flash_sale(bursts=5, limit=1_200)

    assert origin_headline(outcomes, AT_NINE) == (
        "The origin gets 2,830 calls and refuses 1,630 (58 %):"
        " the first at 21:02:00, after 1,200 accepted"
    )


def test_waits_are_told_by_ending() -> None:
    """The median of each."""
    outcomes = a_flash_sale()

    assert wait_headline(outcomes, whole_run(outcomes)) == (
        "Median wait 205 ms for 410 fetches and 5 ms for 390 cache hits"
    )


def test_errors_are_told_apart_from_answers() -> None:
    """A quick refusal does not make an answer quick."""
    outcomes = outcomes_of(
        np.arange(400) * MS,
        latency_ns=np.where(np.arange(400) < 200, 15 * MS, 205 * MS),
        status=np.where(np.arange(400) < 200, 429, 200),
    )

    assert latency_headline(outcomes) == (
        "Answered requests wait 205 ms; errors come after 15 ms"
    )


def test_the_subtitle_says_what_part_is_shown() -> None:
    """And which scenario it is."""
    outcomes = a_flash_sale(bursts=5)

    assert subtitle(outcomes, largest_stampede(outcomes), AT_NINE) == (
        "One product, one cold key, 21:00 · zoom on the largest stampede"
        " · number 1 of 5, at 21:00:00"
    )
    assert subtitle(outcomes, whole_run(outcomes), None) == "the whole run"
