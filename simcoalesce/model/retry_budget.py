"""Retry budgets: how many further calls a layer may make for its requests."""

from typing import Annotated, Final, NamedTuple, Protocol, Self

from pydantic import Field, model_validator

from simcoalesce.model.clock import Clock
from simcoalesce.model.layer import Layer
from simcoalesce.units import NS_PER_S, PositiveDuration, Rate, Ratio

OLDER_SLICES: Final = 9
"""Tokens that expire are kept in ten slices of their lifetime, the newest besides."""
_EARNED: Final = 1_000


class Budget(Protocol):
    """What further calls are paid from."""

    def earn(self) -> None:
        """Note a request."""

    def pays(self) -> bool:
        """Whether one more call is allowed, which is then paid for."""


class KeptTokens:
    """Each request earns a share of a token, and each further call pays one."""

    __slots__ = ("_most", "_share", "_tokens")

    def __init__(self, share: float | None, reserve: int) -> None:
        """Begin with the reserve; without a share, all calls are allowed."""
        self._share = share
        self._most = float(reserve)
        self._tokens = float(reserve)

    def earn(self) -> None:
        """Note a request."""
        if self._share is not None:
            self._tokens = min(self._most, self._tokens + self._share)

    def pays(self) -> bool:
        """Whether one more call is allowed, which is then paid for."""
        if self._share is None:
            return True
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class Prices(NamedTuple):
    """What a request earns and a further call pays, in whole numbers."""

    earned: int
    paid: int
    reserve: int
    """What is always there besides."""
    slice_ns: int

    @classmethod
    def of(cls, share: float, least_per_s: float, lifetime_ns: int) -> Self:
        """Return those of a share of requests, and a least rate of further calls."""
        earned = _EARNED if share else 0
        paid = int(_EARNED / share) if share else 1
        reserve = round(least_per_s * lifetime_ns / NS_PER_S) * paid
        return cls(earned, paid, reserve, max(lifetime_ns // (OLDER_SLICES + 1), 1))


class ExpiringTokens:
    """What was earned less what was paid within a lifetime, and a reserve.

    Source: Finagle, ``RetryBudget.scala`` and ``WindowedAdder.scala`` (twitter/finagle,
    read 2026-11-30). Slices begin with the first use after the last one's end.
    """

    __slots__ = ("_clock", "_newest", "_newest_at_ns", "_next", "_older", "_prices")

    def __init__(self, clock: Clock, prices: Prices) -> None:
        """Begin with the reserve."""
        self._clock = clock
        self._prices = prices
        self._older = [0] * OLDER_SLICES
        self._next = 0
        self._newest = 0
        self._newest_at_ns = 0

    def earn(self) -> None:
        """Note a request."""
        self._expire()
        self._newest += self._prices.earned

    def pays(self) -> bool:
        """Whether one more call is allowed, which is then paid for."""
        self._expire()
        tokens = self._newest + sum(self._older) + self._prices.reserve
        if tokens < self._prices.paid:
            return False
        self._newest -= self._prices.paid
        return True

    def _expire(self) -> None:
        """End the newest slice if it is over; forget as many as have passed."""
        passed = (self._clock.now_ns - self._newest_at_ns) // self._prices.slice_ns
        if not passed:
            return
        self._older[self._next] = self._newest
        self._next = (self._next + 1) % OLDER_SLICES
        for _ in range(min(passed - 1, OLDER_SLICES)):
            self._older[self._next] = 0
            self._next = (self._next + 1) % OLDER_SLICES
        self._newest, self._newest_at_ns = 0, self._clock.now_ns


class BudgetedLayer(Layer):
    """A layer that makes further calls for a request, within a budget of its own."""

    kind: str
    budget_ratio: Ratio | None = None
    """Further calls as a share of requests, e.g. 20%; without limit if absent."""
    budget_reserve: Annotated[int, Field(ge=1)] = 10
    """Further calls that the budget holds at the start, and at most, if none expire."""
    budget_expires_after_ns: PositiveDuration | None = None
    """How long what requests earn can be spent, e.g. 10s, which also limits how much is
    saved; for ever, up to the reserve, if absent."""
    budget_least_per_s: Rate | None = None
    """Further calls that are allowed besides, however few requests there are, e.g.
    10/s; it needs budget_expires_after."""

    @model_validator(mode="after")
    def _expires_by_its_own_words(self) -> Self:
        lifetime_ns = self.budget_expires_after_ns
        if lifetime_ns is not None and self.budget_ratio is None:
            raise ValueError(
                "budget_expires_after says how long a budget lasts; write it too, e.g."
                " {budget: 20%, budget_expires_after: 10s}"
            )
        if self.budget_least_per_s is not None and lifetime_ns is None:
            raise ValueError(
                "budget_least is for a budget that expires; write e.g. {budget: 20%,"
                " budget_expires_after: 10s, budget_least: 10/s}"
            )
        return self

    @property
    def budget_prices(self) -> Prices | None:
        """What is earned and paid, if it expires."""
        if self.budget_expires_after_ns is None:
            return None
        least_per_s = self.budget_least_per_s or 0.0
        return Prices.of(
            self.budget_ratio or 0.0, least_per_s, self.budget_expires_after_ns
        )

    def running_budget(self, clock: Clock) -> Budget:
        """Return its budget at the start of a run."""
        if self.budget_prices is not None:
            return ExpiringTokens(clock, self.budget_prices)
        return KeptTokens(self.budget_ratio, self.budget_reserve)
