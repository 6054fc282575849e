"""How a request ended."""

from simcoalesce.outcomes import Lookup, Role
from simcoalesce.report.pictures.outcome_class import (
    PAINTS,
    OutcomeClass,
    outcome_classes,
)
from tests.unit.report.builders import outcomes_of


def ending_of(
    *, status: int = 200, lookup: int = Lookup.MISS, role: int = 0
) -> OutcomeClass:
    """Return the ending of one request with these columns."""
    outcomes = outcomes_of([0], status=status, lookup=lookup, role=role)
    return OutcomeClass(int(outcome_classes(outcomes.request_rows)[0]))


def test_an_answer_is_named_after_where_it_came_from() -> None:
    """A cache, a stale cache, an own fetch, another's fetch."""
    assert ending_of(lookup=Lookup.HIT) == OutcomeClass.HIT
    assert ending_of(lookup=Lookup.STALE) == OutcomeClass.STALE
    assert ending_of(role=Role.LEADER) == OutcomeClass.LEADER
    assert ending_of(role=Role.FOLLOWER) == OutcomeClass.FOLLOWER


def test_an_error_is_an_error_whoever_fetched() -> None:
    """A follower of a refused leader is refused."""
    assert ending_of(status=429, role=Role.FOLLOWER) == OutcomeClass.REFUSED
    assert ending_of(status=504, lookup=Lookup.STALE) == OutcomeClass.FAILED


def test_no_two_endings_look_alike() -> None:
    """Each has its own colour, and its own word."""
    assert len({paint.colour for paint in PAINTS.values()}) == len(OutcomeClass)
    assert len({paint.label for paint in PAINTS.values()}) == len(OutcomeClass)
