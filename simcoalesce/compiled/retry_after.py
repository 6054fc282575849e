"""Retry-After, as `model.retry_after` has it."""

from typing import Final

from simcoalesce.compiled.kernel import inner
from simcoalesce.units import NS_PER_S

_NOTHING: Final = -2
_EXACTLY: Final = -1


@inner
def said_ns(rule: int, wait: int) -> int:
    """Return what a refusal says of when to come back; 0 if nothing.

    Args:
        rule: What `retry_rule` returns.
        wait: The exact time, which is said in whole seconds.
    """
    if rule == _NOTHING:
        return 0
    return -(-wait // NS_PER_S) * NS_PER_S if rule == _EXACTLY else rule


def retry_rule(rule_ns: int | None) -> int:
    """Return a `RetryAfter` as a number."""
    return _NOTHING if rule_ns is None else rule_ns
