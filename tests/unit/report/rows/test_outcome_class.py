"""How a request ended."""

from simcoalesce.outcomes import Lookup, Role
from simcoalesce.report.rows.outcome_class import OutcomeClass, outcome_classes
from tests.unit.report.builders import outcomes_of


def class_of(
    *, status: int = 200, lookup: int = Lookup.MISS, role: int = 0
) -> OutcomeClass:
    """Return the class of one request with these columns."""
    outcomes = outcomes_of([0], status=status, lookup=lookup, role=role)
    return OutcomeClass(int(outcome_classes(outcomes.request_rows)[0]))


def test_an_answer_is_named_after_where_it_came_from() -> None:
    """A cache, a stale cache, an own fetch, another's fetch."""
    assert class_of(lookup=Lookup.HIT) == OutcomeClass.HIT
    assert class_of(lookup=Lookup.STALE) == OutcomeClass.STALE
    assert class_of(role=Role.LEADER) == OutcomeClass.LEADER
    assert class_of(role=Role.FOLLOWER) == OutcomeClass.FOLLOWER


def test_an_error_is_an_error_whoever_fetched() -> None:
    """A follower of a refused leader is refused."""
    assert class_of(status=429, role=Role.FOLLOWER) == OutcomeClass.REFUSED
    assert class_of(status=504, lookup=Lookup.STALE) == OutcomeClass.FAILED
