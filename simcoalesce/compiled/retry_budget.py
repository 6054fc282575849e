"""Retry budgets, as `model.retry_budget` has them."""

from simcoalesce.compiled.kernel import Numbers, inner
from simcoalesce.compiled.layout import NOBODY, NOW
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.state import at, real, set_real
from simcoalesce.model.retry_budget import OLDER_SLICES, BudgetedLayer

HAS_BUDGET, SHARE, RESERVE, TOKENS = range(10, 14)
SLICES, EARNED, PAID, FLOOR, SLICE_NS = range(18, 23)

# Of tokens that expire: the older slices, the next of them to be forgotten, the newest
# slice, and when that began.
NEXT, NEWEST, NEWEST_AT, SLICES_WIDTH = range(OLDER_SLICES, OLDER_SLICES + 4)


@inner
def earn(m: Numbers, level: int) -> None:
    """Note a request."""
    own = at(level)
    if not m[own + HAS_BUDGET]:
        return
    if m[own + SLICES] != NOBODY:
        _expire(m, level)
        m[m[own + SLICES] + NEWEST] += m[own + EARNED]
        return
    tokens = real(m, own + TOKENS) + real(m, own + SHARE)
    set_real(m, own + TOKENS, min(real(m, own + RESERVE), tokens))


@inner
def pays(m: Numbers, level: int) -> bool:
    """Whether one more call is allowed, which is then paid for."""
    own = at(level)
    if not m[own + HAS_BUDGET]:
        return True
    if m[own + SLICES] != NOBODY:
        return _pays_of_slices(m, level)
    tokens = real(m, own + TOKENS)
    if tokens < 1:
        return False
    set_real(m, own + TOKENS, tokens - 1)
    return True


@inner
def _pays_of_slices(m: Numbers, level: int) -> bool:
    own = at(level)
    slices = m[own + SLICES]
    _expire(m, level)
    tokens = m[own + FLOOR] + m[slices + NEWEST]
    for older in range(OLDER_SLICES):
        tokens += m[slices + older]
    if tokens < m[own + PAID]:
        return False
    m[slices + NEWEST] -= m[own + PAID]
    return True


@inner
def _expire(m: Numbers, level: int) -> None:
    """End the newest slice if it is over; forget as many as have passed."""
    own = at(level)
    slices = m[own + SLICES]
    passed = (m[NOW] - m[slices + NEWEST_AT]) // m[own + SLICE_NS]
    if not passed:
        return
    m[slices + m[slices + NEXT]] = m[slices + NEWEST]
    m[slices + NEXT] = (m[slices + NEXT] + 1) % OLDER_SLICES
    for _ in range(min(passed - 1, OLDER_SLICES)):
        m[slices + m[slices + NEXT]] = 0
        m[slices + NEXT] = (m[slices + NEXT] + 1) % OLDER_SLICES
    m[slices + NEWEST], m[slices + NEWEST_AT] = 0, m[NOW]


def encode(layer: BudgetedLayer, level: int, parameters: Parameters) -> None:
    """Write the parameters of a layer's budget."""
    row, prices = parameters.levels[level], layer.budget_prices
    row[SLICES] = NOBODY
    if layer.budget_ratio is None:
        return
    row[HAS_BUDGET] = 1
    parameters.real(level, SHARE, layer.budget_ratio)
    parameters.real(level, RESERVE, layer.budget_reserve)
    parameters.real(level, TOKENS, layer.budget_reserve)
    if prices is not None:
        row[SLICES] = parameters.reserve(SLICES_WIDTH)
        row[EARNED], row[PAID] = prices.earned, prices.paid
        row[FLOOR], row[SLICE_NS] = prices.reserve, prices.slice_ns
