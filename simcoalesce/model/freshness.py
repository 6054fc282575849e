"""Freshness: when a cached value may be served, and when it should be refreshed."""

from enum import IntEnum
from typing import Annotated, Final

from pydantic import Field

from simcoalesce.distribution import Exponential
from simcoalesce.model.answer import Answer
from simcoalesce.model.kv import Entry
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.request import Request
from simcoalesce.sampler import Sampler
from simcoalesce.spec import Spec
from simcoalesce.units import NS_PER_S

COVERED_ERRORS: Final = frozenset({500, 502, 503, 504})
"""The errors that stale-if-error covers (RFC 5861, section 4): no 429 among them."""


class Freshness(IntEnum):
    """What may be done with an entry at an instant."""

    GONE = 0
    """Nothing."""
    FRESH = 1
    """Serve it."""
    EARLY = 2
    """Serve it, and refresh it before it expires."""
    STALE = 3
    """Serve it although it expired, and refresh it."""
    IF_ERROR = 4
    """Serve it only if the fetch fails."""


class XFetch(Spec):
    """Refresh early with a probability that grows towards the expiry."""

    beta: Annotated[float, Field(gt=0, le=1000)] = 1.0
    """Eagerness: above 1 earlier, below 1 later."""


def xfetch_sampler(context: LayerContext) -> Sampler:
    """Return a layer's exponential draws of mean one second, for XFetch."""
    unit = Exponential.model_validate({"exponential": "1s"})
    return context.sampler(unit, "xfetch")


class Rules:
    """The rules of one layer: RFC 5861's two windows, and two ways to be early."""

    def __init__(
        self,
        *,
        stale_while_revalidate_ns: int,
        stale_if_error_ns: int,
        ahead_ratio: float | None,
        beta: float | None,
        xfetch: Sampler,
    ) -> None:
        """Set the rules.

        Args:
            stale_while_revalidate_ns: How long after expiry a value is still served.
            stale_if_error_ns: How long after expiry it stands in for an error.
            ahead_ratio: Share of the lifetime after which it is refreshed.
            beta: Eagerness of probabilistic early refresh (XFetch; Vattani,
                Chierichetti and Lowenstein, PVLDB 8(8), 2015).
            xfetch: Exponential draws of mean one second, for XFetch.
        """
        self._while_ns = stale_while_revalidate_ns
        self._if_error_ns = stale_if_error_ns
        self._ahead_ratio = ahead_ratio
        self._beta = beta
        self._xfetch = xfetch

    def freshness(self, entry: Entry | None, at_ns: int, request: Request) -> Freshness:
        """Return what a request may do with an entry looked up at an instant."""
        if entry is None:
            return Freshness.GONE
        late_ns = at_ns - entry.expires_at_ns
        if late_ns < 0:
            if at_ns >= entry.soft_until_ns:
                return Freshness.STALE
            is_early = self._is_early(entry, at_ns, request)
            return Freshness.EARLY if is_early else Freshness.FRESH
        if late_ns < self._while_ns:
            return Freshness.STALE
        return Freshness.IF_ERROR if late_ns < self._if_error_ns else Freshness.GONE

    def covers(self, answer: Answer, entry: Entry, at_ns: int) -> bool:
        """Whether an entry looked up at an instant stands in for an error."""
        is_near = at_ns < entry.expires_at_ns + self._if_error_ns
        return bool(self._if_error_ns) and is_near and answer.status in COVERED_ERRORS

    def _is_early(self, entry: Entry, at_ns: int, request: Request) -> bool:
        if self._ahead_ratio is not None:
            lifetime_ns = entry.expires_at_ns - entry.put_at_ns
            if at_ns - entry.put_at_ns >= self._ahead_ratio * lifetime_ns:
                return True
        if self._beta is None:
            return False
        draw = self._xfetch.draw(request.id, request.attempt) / NS_PER_S
        return at_ns + entry.took_ns * self._beta * draw >= entry.expires_at_ns
