"""Retry budgets, as `model.retry_budget` has them."""

from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.parameters import Parameters, own_fields
from simcoalesce.compiled.record import NOBODY, Link, Record
from simcoalesce.compiled.state import Level, State
from simcoalesce.model.retry_budget import OLDER_SLICES, BudgetedLayer


class TokenSlices(Record):
    """Tokens that expire, in slices of their lifetime, and their prices."""

    newest: int
    newest_at: int
    """When the newest slice began."""
    older: int
    """Where the older ones are."""
    next: int
    """Which of them is the next to be forgotten."""
    earned: int
    paid: int
    reserve: int
    slice_ns: int


class BudgetedLevel(Level):
    """What a layer with a budget is told of it."""

    budget_ratio: float
    """Less than 0 if further calls have no limit."""
    budget_reserve: float
    tokens: float
    slices: Link[TokenSlices]
    """None if its tokens do not expire."""


@inner
def earn(m: State, own: BudgetedLevel) -> None:
    """Note a request."""
    if own.slices:
        slices = own.slices
        _expire(m, slices)
        slices.newest += slices.earned
    elif own.budget_ratio >= 0:
        own.tokens = min(own.budget_reserve, own.tokens + own.budget_ratio)


@inner
def pays(m: State, own: BudgetedLevel) -> bool:
    """Whether one more call is allowed, which is then paid for."""
    if own.slices:
        return _pays_of_slices(m, own.slices)
    if own.budget_ratio < 0:
        return True
    if own.tokens < 1:
        return False
    own.tokens -= 1
    return True


@inner
def _pays_of_slices(m: State, slices: TokenSlices) -> bool:
    _expire(m, slices)
    tokens = slices.reserve + slices.newest
    for index in range(OLDER_SLICES):
        tokens += m[slices.older + index]
    if tokens < slices.paid:
        return False
    slices.newest -= slices.paid
    return True


@inner
def _expire(m: State, slices: TokenSlices) -> None:
    """End the newest slice if it is over; forget as many as have passed."""
    passed = (m.now - slices.newest_at) // slices.slice_ns
    if not passed:
        return
    _replace_next(m, slices, slices.newest)
    for _ in range(min(passed - 1, OLDER_SLICES)):
        _replace_next(m, slices, 0)
    slices.newest, slices.newest_at = 0, m.now


@inner
def _replace_next(m: State, slices: TokenSlices, tokens: int) -> None:
    m[slices.older + slices.next] = tokens
    slices.next = (slices.next + 1) % OLDER_SLICES


def fill_budget(
    own: BudgetedLevel, layer: BudgetedLayer, parameters: Parameters
) -> None:
    """Write what the layer's fields do not say of its budget under the same names."""
    own.tokens = own.budget_reserve
    own.slices = TokenSlices(parameters.state, NOBODY)
    if layer.budget_prices is not None:
        [slices] = parameters.records(TokenSlices, 1)
        slices.older = parameters.reserve(OLDER_SLICES)
        parameters.fill(slices, layer.budget_prices, own_fields(TokenSlices, Record))
        own.slices = slices
