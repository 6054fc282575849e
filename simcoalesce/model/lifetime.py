"""Lifetimes: how long a store keeps an answer, or an error."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final, TypeAlias

from pydantic import BeforeValidator, Field

from simcoalesce.model.answer import NOT_SAID, Answer
from simcoalesce.units import NS_PER_S, Duration, format_duration

FIRST_ERROR: Final = 400
LAST_ERROR: Final = 599

_STATUSES: Final = re.compile(r"[45](?:\d\d|xx)")


def _by_status(value: Any) -> Any:
    if not isinstance(value, Mapping):
        raise ValueError("write durations by status, e.g. {404: 30s, 5xx: 1s}")  # noqa: TRY004 - shown with its place
    for status in map(str, value):
        if not _STATUSES.fullmatch(status):
            raise ValueError(
                f'"{status}" is no error; write a status or a class of them,'
                " e.g. {404: 30s, 5xx: 1s}"
            )
    return {str(status): duration for status, duration in value.items()}


ErrorTtl: TypeAlias = Annotated[
    dict[str, Duration],
    BeforeValidator(_by_status),
    Field(examples=[{"404": "30s", "5xx": "1s"}]),
]
"""How long errors are kept, by status or class (4xx, 5xx); a status goes first."""


def error_lifetime_ns(status: int, error_ttl: Mapping[str, int]) -> int:
    """Return how long an error is kept; 0 if it is not."""
    by_class = error_ttl.get(f"{status // 100}xx", 0)
    return error_ttl.get(str(status), by_class)


def lifetime_ns(
    answer: Answer, ttl_ns: int, error_ttl: Mapping[str, int]
) -> int | None:
    """Return how long an answer is fresh in a cache that heeds what it says.

    Args:
        answer: The answer.
        ttl_ns: How long content is fresh that does not say.
        error_ttl: How long errors are.

    Returns:
        Nanoseconds, 0 if it has expired when it comes; None if it may not be stored.
    """
    if answer.ok and answer.cacheable and answer.max_age_ns != NOT_SAID:
        return answer.max_age_ns
    return own_lifetime_ns(answer, ttl_ns, error_ttl) or None


def own_lifetime_ns(answer: Answer, ttl_ns: int, error_ttl: Mapping[str, int]) -> int:
    """Return how long a store of the worker keeps an answer; 0 if it does not."""
    if not answer.cacheable:
        return 0
    return ttl_ns if answer.ok else error_lifetime_ns(answer.status, error_ttl)


def jittered_ns(ttl_ns: int, jitter_ratio: float, uniform: float) -> int:
    """Return a lifetime that is up to a share of itself shorter or longer.

    Args:
        ttl_ns: The lifetime.
        jitter_ratio: The share.
        uniform: A draw from [0, 1).
    """
    return round(ttl_ns * (1 + jitter_ratio * (2 * uniform - 1)))


def check_whole_seconds(name: str, ttl_ns: int) -> None:
    """Let pass only lifetimes of whole seconds.

    Raises:
        ValueError: If it is another one.
    """
    if ttl_ns % NS_PER_S:
        raise ValueError(
            f"{name} of {format_duration(ttl_ns)} is not one of whole seconds;"
            " write e.g. 1s, or whole_seconds: false"
        )
