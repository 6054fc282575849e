"""Key rules that a log may have been cached by, and what contradicts each."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from numpy.typing import NDArray

from simcoalesce.fit.cache_count import CacheCount, cache_count
from simcoalesce.fit.cache_events import CacheEvents
from simcoalesce.fit.cache_waits import CacheWaits, cache_waits
from simcoalesce.fit.lifetimes import lifetimes
from simcoalesce.fit.log_events import cache_events
from simcoalesce.logs.key_rule import KeyRule, QueryRule, url_parts
from simcoalesce.logs.log import Log

RULES: Final = (
    KeyRule("{url}"),
    KeyRule("{host}{path}"),
    KeyRule("{uri}"),
    KeyRule("{path}"),
)
"""Host and URI, host and path, and both without the host; the first that fits is taken.
"""
_MOST_PARAMETERS: Final = 8
_MOST_OF_ONE: Final = 0.01
"""The share of requests that may contradict a single cache."""


@dataclass(frozen=True)
class FittedKeys:
    """The keys of a log under a rule.

    Attributes:
        rule: Of what a key is made.
        code: Code of the key of each request, shape (requests,); -1 without one.
        names: The names of the keys.
        events: What became of each request at the cache; None if the log says nothing.
        count: Several caches, each with entries of its own; None if there is one.
    """

    rule: KeyRule
    code: NDArray[Any]
    names: tuple[str, ...]
    events: CacheEvents | None
    count: CacheCount | None = None

    @property
    def written(self) -> Any:
        """The rule as `key:` has it."""
        parts = self.rule.template.strip("{}").split("}{")
        return parts[0] if len(parts) == 1 else parts

    @cached_property
    def waits(self) -> CacheWaits | None:
        """Who waits while a key is fetched; None if the log says nothing."""
        return None if self.events is None else cache_waits(self.events)

    @property
    def text(self) -> str:
        """The rule in words."""
        ignored = ", ".join(self.rule.query.ignore)
        without = f" without the parameters {ignored}" if ignored else ""
        return self.rule.template.strip("{}").replace("}{", " and ") + without


def fitted_keys(log: Log, rule: KeyRule) -> FittedKeys:
    """Return the keys of a log under a rule, and what became of each request."""
    code, names = log.keys(rule)
    return FittedKeys(rule, code, names, cache_events(log, code))


def contradictions(events: CacheEvents) -> int:
    """Return how many requests contradict any one ttl, or what was stored.

    Keys that are too fine have hits that nobody stored; keys that are too coarse have
    fetches as if nothing were stored.
    """
    found = lifetimes(events, "whole seconds")
    ttl_s, bad = found.best()
    of_ttl = min(bad, lifetimes(events, "real-valued").best()[1])
    return of_ttl + found.unstored(ttl_s) + found.refetched


def ranked_rules(
    log: Log, rules: Sequence[KeyRule] = RULES
) -> list[tuple[int, FittedKeys]]:
    """Return the rules with their contradictions, the least contradicted first.

    Parameters of queries are left out one by one as long as that contradicts less. If
    many requests contradict all of them, there may be several caches: then the rules
    are ranked by the likelihood of their look-ups.

    Args:
        log: A log that tells hits from misses.
        rules: Those that give different keys.
    """
    tried = [_tried(log, rule) for rule in rules]
    best = min(tried, key=lambda one: one[0])
    if best[0] and len(rules) > 1:
        tried.extend(_without_parameters(log, tried))
        best = min(tried, key=lambda one: one[0])
    if best[0] > _MOST_OF_ONE * len(log):
        several = _of_several(tried)
        if several:
            return several
    return sorted(tried, key=lambda one: one[0])


def _of_several(tried: list[tuple[int, FittedKeys]]) -> list[tuple[int, FittedKeys]]:
    """Return the rules under which several caches are likely, the likeliest first."""
    counted = [
        replace(keys, count=cache_count(keys.events))
        for _, keys in tried
        if keys.events is not None and keys.events.says_status
    ]
    found = [(keys.count, keys) for keys in counted if keys.count is not None]
    found.sort(key=lambda one: -one[0].log_likelihood)
    if not found or not found[0][0].are_several:
        return []
    return [(count.contradictions, keys) for count, keys in found]


def _tried(log: Log, rule: KeyRule) -> tuple[int, FittedKeys]:
    keys = fitted_keys(log, rule)
    return (0 if keys.events is None else contradictions(keys.events)), keys


def _without_parameters(
    log: Log, tried: list[tuple[int, FittedKeys]]
) -> Iterator[tuple[int, FittedKeys]]:
    best = min(tried, key=lambda one: one[0])
    left = _parameters(log)
    while left:
        ignore = best[1].rule.query.ignore
        template = best[1].rule.template.replace("{path}", "{uri}")
        found = [
            _tried(log, KeyRule(template, QueryRule("keep", (*ignore, name))))
            for name in left
        ]
        better = min(found, key=lambda one: one[0])
        if better[0] >= best[0]:
            return
        yield better
        best, left = (
            better,
            [one for one in left if one not in better[1].rule.query.ignore],
        )


def _parameters(log: Log) -> list[str]:
    """Return the names of the parameters that most targets have."""
    names: Counter[str] = Counter()
    for target in log.targets:
        query = url_parts(target.host, target.uri or "").query[1:]
        names.update({pair.partition("=")[0] for pair in query.split("&") if pair})
    return [name for name, _ in names.most_common(_MOST_PARAMETERS)]


def can_tell(log: Log) -> tuple[bool, bool]:
    """Return whether a log has several hosts, and whether it has queries."""
    has_queries = any("?" in (one.uri or "") for one in log.targets)
    return len(log.hosts) > 1, has_queries
