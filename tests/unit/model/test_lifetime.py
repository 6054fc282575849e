"""Lifetimes: how long a store keeps an answer, or an error."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from simcoalesce.model.answer import NOT_SAID, Answer
from simcoalesce.model.lifetime import ErrorTtl, error_lifetime_ns, lifetime_ns
from simcoalesce.units import NS_PER_S

ERROR_TTL: TypeAdapter[dict[str, int]] = TypeAdapter(ErrorTtl)


def test_a_status_goes_before_its_class() -> None:
    """What is not named is not kept."""
    error_ttl = ERROR_TTL.validate_python({404: "30s", "5xx": "1s", "503": "0s"})
    kept_s = [
        error_lifetime_ns(status, error_ttl) / NS_PER_S
        for status in (404, 410, 500, 503, 599)
    ]

    assert kept_s == [30, 0, 1, 0, 1]


@pytest.mark.parametrize("wrong", [{200: "1s"}, {"3xx": "1s"}, {"40x": "1s"}, "1s"])
def test_what_is_no_error_is_refused_with_an_example(wrong: Any) -> None:
    """Content has a ttl of its own."""
    with pytest.raises(ValidationError, match=r"\{404: 30s, 5xx: 1s\}"):
        ERROR_TTL.validate_python(wrong)


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

    assert lifetime_ns(answer, 60, {}) == found
