"""Answers: what changes when a cache serves them or a flight shares them."""

import pytest

from simcoalesce.model.answer import Answer
from simcoalesce.outcomes import Lookup, Role


def an_answer(status: int = 200, role: int = Role.NONE, attempts: int = 3) -> Answer:
    """Return an answer of the origin, made at 7 ns."""
    return Answer(status, Lookup.MISS, role, 1, 7, attempts, version=4)


@pytest.mark.parametrize(("status", "ok"), [(200, True), (399, True), (400, False)])
def test_an_error_begins_at_400(status: int, ok: bool) -> None:  # noqa: FBT001
    """Redirects are content."""
    assert an_answer(status).ok is ok


def test_a_hit_is_the_same_content_from_another_server() -> None:
    """When it was made and which version it is stays; the fetch is not repeated."""
    hit = an_answer(role=Role.LEADER).as_hit(5)

    assert hit == Answer(200, Lookup.HIT, Role.NONE, 5, 7, 1, version=4)


def test_a_stale_hit_says_so() -> None:
    """It is served, but it had expired."""
    assert an_answer().as_hit(5, Lookup.STALE).lookup == Lookup.STALE


@pytest.mark.parametrize(
    ("role", "led"),
    [
        (Role.NONE, Role.LEADER),
        (Role.LEADER, Role.LEADER),
        (Role.FOLLOWER, Role.FOLLOWER),
    ],
)
def test_who_opened_a_flight_leads_unless_it_followed_another(
    role: Role, led: Role
) -> None:
    """An isolate's leader may be a follower in the object behind it."""
    assert an_answer(role=role).as_led().role == led


def test_a_follower_made_no_attempts_but_its_own() -> None:
    """The leader's retries are the leader's."""
    followed = an_answer(role=Role.LEADER).as_followed()

    assert (followed.role, followed.attempts) == (Role.FOLLOWER, 1)
