"""When an origin says 429."""

from collections import defaultdict
from collections.abc import Sequence
from importlib.resources import files
from typing import Annotated, Any, ClassVar, Final, Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from pydantic import BeforeValidator

from simcoalesce.spec import Spec
from simcoalesce.yaml.node import plain
from simcoalesce.yaml.parser import parsed_yaml
from simcoalesce.yaml.source_text import source_of


class Limiter(Protocol):
    """The state of a rule that counts calls. Instants never go back."""

    def wait_ns(self, at_ns: int) -> int:
        """Return 0 if a call is admitted now, else how long until one is."""

    def take(self, at_ns: int, completes_at_ns: int) -> None:
        """Count an admitted call."""


class RateLimit(Spec):
    """A rule that admits some calls of an origin and refuses the others."""

    family: ClassVar[str] = "simcoalesce.model.rate_limits"

    kind: str
    for_each: Literal["origin", "key", "tenant"] = "origin"
    """Whose calls are counted together: all that the origin (or a limiter) gets, those
    for a key, or those of a tenant, which is named before the first / of its keys."""

    @property
    def counts_all(self) -> bool:
        """Whether one count is for all calls of the origin."""
        return self.for_each == "origin"

    @property
    def window_ns(self) -> int:
        """How long the window is in which calls are counted; 0 if it has none."""
        return 0

    @property
    def fills_in_ns(self) -> float:
        """How long a bucket takes from empty to full; 0 if it has none."""
        return 0.0

    def limiter(self) -> Limiter:
        """Return the rule's state at the start of a run, for calls counted together."""
        raise NotImplementedError

    def parts(self, keys: Sequence[str]) -> NDArray[np.int64] | None:
        """Return which limiter counts each key, shape (keys,); None if one does."""
        return None if self.for_each == "origin" else parts_of(self.for_each, keys)

    def allowance(self, until_ns: int) -> float | None:
        """Return how many calls a limiter can admit in [0, until_ns), at most.

        None if the number depends on how long calls take.
        """
        raise NotImplementedError


def parts_of(
    for_each: Literal["key", "tenant"], keys: Sequence[str]
) -> NDArray[np.int64]:
    """Return whose each key is, by number, shape (keys,).

    >>> parts_of("tenant", ["a/1", "b/1", "a/2", "a"]).tolist()
    [0, 1, 0, 0]
    """
    if for_each == "key":
        return np.arange(len(keys))
    tenants: defaultdict[str, int] = defaultdict(lambda: len(tenants))
    numbers = [tenants[key.partition("/")[0]] for key in keys]
    return np.array(numbers, dtype=np.int64)


class RunningLimit:
    """A rate limit in one run: one limiter for all calls, or one for each part."""

    def __init__(self, limit: RateLimit, keys: Sequence[str]) -> None:
        """Take the keys of the traffic, by number."""
        parts = limit.parts(keys)
        self._parts = None if parts is None else parts.tolist()
        self._limiters: defaultdict[int, Limiter] = defaultdict(limit.limiter)

    def of(self, key: int) -> Limiter:
        """Return the limiter that counts the calls for a key."""
        return self._limiters[0 if self._parts is None else self._parts[key]]


def window_of(limits: Sequence[RateLimit]) -> int:
    """Return the window of the first limit of all calls that has one, in ns; else 0."""
    windows = (limit.window_ns for limit in limits if limit.counts_all)
    return next(filter(None, windows), 0)


_PRESET_FILE: Final = "rate_limit_presets.yaml"


def presets() -> dict[str, Any]:
    """Return the named limits of real services, each as a scenario would write it."""
    text = files("simcoalesce.model").joinpath(_PRESET_FILE).read_text("utf-8")
    node, _ = parsed_yaml(text, source_of(text, _PRESET_FILE))
    assert node is not None
    return {name: preset["limits"] for name, preset in plain(node).items()}


def _listed(value: Any) -> Any:
    if value is None or value == "unlimited":
        return []
    if isinstance(value, str):
        known = presets()
        if value not in known:
            raise ValueError(
                f'no rate limit is named "{value}"; there are: {", ".join(known)}'
            )
        return known[value]
    return list(value) if isinstance(value, (list, tuple)) else [value]


RateLimits = Annotated[tuple[RateLimit, ...], BeforeValidator(_listed)]
"""One limit, a list of them (all must admit), or the name of a preset."""
