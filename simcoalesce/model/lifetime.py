"""Lifetime: how long a store keeps an answer."""

from simcoalesce.model.answer import NOT_SAID, Answer


def lifetime_ns(answer: Answer, ttl_ns: int) -> int | None:
    """Return how long an answer is fresh in a cache that heeds what it says.

    Args:
        answer: The answer.
        ttl_ns: How long it is if it does not say.

    Returns:
        Nanoseconds, 0 if it has expired when it comes; None if it may not be stored.
    """
    if not answer.ok or not answer.cacheable:
        return None
    return ttl_ns if answer.max_age_ns == NOT_SAID else answer.max_age_ns
