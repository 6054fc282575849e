"""How long a store keeps an answer."""

import pytest

from simcoalesce.model.answer import NOT_SAID, Answer
from simcoalesce.model.lifetime import lifetime_ns


@pytest.mark.parametrize(
    ("status", "cacheable", "max_age_ns", "found"),
    [
        (200, True, NOT_SAID, 60),
        (200, True, 2, 2),
        (200, True, 0, 0),
        (200, False, 2, None),
        (503, True, NOT_SAID, None),
    ],
)
def test_an_answer_says_how_long_it_lasts_or_leaves_it_to_the_cache(
    status: int, max_age_ns: int, found: int | None, *, cacheable: bool
) -> None:
    """Unless it may not be stored."""
    answer = Answer(status, 0, 0, 0, 0, cacheable=cacheable, max_age_ns=max_age_ns)

    assert lifetime_ns(answer, 60) == found
