"""Retry budgets: how many further calls a layer may make for its requests."""

from typing import Annotated

from pydantic import Field

from simcoalesce.model.layer import Layer
from simcoalesce.units import Ratio


class Budget:
    """Further calls as a share of requests: each request earns, each call pays one."""

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


class BudgetedLayer(Layer):
    """A layer that makes further calls for a request, within a budget of its own."""

    kind: str
    budget_ratio: Ratio | None = None
    """Further calls as a share of requests, e.g. 20%; without limit if absent."""
    budget_reserve: Annotated[int, Field(ge=1)] = 10
    """Further calls that the budget holds at the start, and at most."""

    def running_budget(self) -> Budget:
        """Return its budget at the start of a run."""
        return Budget(self.budget_ratio, self.budget_reserve)
