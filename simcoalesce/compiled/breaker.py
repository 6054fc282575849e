"""Circuit breakers, as `model.breaker` has them."""

from simcoalesce.compiled.allocator import release
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.load_control import LoadControlLevel
from simcoalesce.compiled.record import Link, Record
from simcoalesce.compiled.state import FreeList, State


class ResultsRule(Record):
    """Which of the last results decide, as `model.breaker.Rule`."""

    most: int
    enough: int
    length_ns: int


class BreakerLevel(LoadControlLevel):
    """What a level with breakers is told, and what it counts."""

    ratio: float
    """Less than 0 if failures in a row decide."""
    slow_share_ratio: float
    closed: ResultsRule
    half_open: ResultsRule
    open_for_ns: int
    half_open_calls: int
    opened: int
    """How often one has opened."""
    free_results: FreeList


class CallResult(Record):
    """The result of a call, and the next one of its window."""

    at_ns: int
    failed: bool
    slow: bool
    after: Link["CallResult"]


class BreakerRecord(Record):
    """A breaker; zeros if it has always been closed, without results."""

    generation: int
    opens_until: int
    counts_passes: bool
    """Whether it is open, or half open."""
    passes: int
    """How many more calls pass then."""
    failed: int
    """How many of its window; or in a row, slow ones included."""
    slow: int
    """How many of its window."""
    succeeded: int
    """How many in a row."""
    held: int
    """How many results its window holds."""
    first: Link[CallResult]
    last: Link[CallResult]


@inner
def admits(m: State, breaker: BreakerRecord) -> bool:
    """Say whether a call may pass, and count it."""
    if not breaker.counts_passes:
        return True
    if m.now < breaker.opens_until or not breaker.passes:
        return False
    breaker.passes -= 1
    return True


@inner
def returned(
    m: State, own: BreakerLevel, breaker: BreakerRecord, result: CallResult
) -> None:
    """Count the result of a call that began in the present generation."""
    rule = own.half_open if breaker.counts_passes else own.closed
    if own.ratio < 0:
        are_bad, are_enough = _add_in_a_row(m, own, breaker, rule, result)
    else:
        are_bad, are_enough = _add_to_window(m, own, breaker, rule, result)
    if are_bad:
        own.opened += 1
        breaker.opens_until = m.now + own.open_for_ns
        breaker.passes = own.half_open_calls
        _begin(m, own, breaker)
        breaker.counts_passes = True
    elif breaker.counts_passes and are_enough:
        _begin(m, own, breaker)
        breaker.counts_passes = False


@inner
def withdrawn(breaker: BreakerRecord, generation: int) -> None:
    """Let another call pass for one of a generation that ends without result."""
    if generation == breaker.generation:
        breaker.passes += breaker.counts_passes


@inner
def _begin(m: State, own: BreakerLevel, breaker: BreakerRecord) -> None:
    """Begin a new generation, without results."""
    breaker.generation += 1
    breaker.failed = breaker.slow = breaker.succeeded = 0
    while breaker.held:
        _forget_first(m, own, breaker)


@inner
def _add_in_a_row(
    m: State,
    own: BreakerLevel,
    breaker: BreakerRecord,
    rule: ResultsRule,
    result: CallResult,
) -> tuple[bool, bool]:
    """Count a result; say whether the last ones failed, and whether enough did not."""
    is_bad = result.failed or result.slow
    breaker.failed = breaker.failed + 1 if is_bad else 0
    breaker.succeeded = 0 if is_bad else breaker.succeeded + 1
    release(m, own.free_results, result.at)
    return breaker.failed >= rule.most, breaker.succeeded >= rule.enough


@inner
def _add_to_window(
    m: State,
    own: BreakerLevel,
    breaker: BreakerRecord,
    rule: ResultsRule,
    result: CallResult,
) -> tuple[bool, bool]:
    """Count a result, drop what is too old; say the same of the window."""
    if breaker.held:
        last = breaker.last
        last.after = result
    else:
        breaker.first = result
    breaker.last = result
    breaker.held += 1
    breaker.failed += result.failed
    breaker.slow += result.slow
    while breaker.held > rule.most or breaker.first.at_ns <= m.now - rule.length_ns:
        breaker.failed -= breaker.first.failed
        breaker.slow -= breaker.first.slow
        _forget_first(m, own, breaker)
    failed, slow = breaker.failed / breaker.held, breaker.slow / breaker.held
    is_reached = failed >= own.ratio or slow >= own.slow_share_ratio
    are_enough = breaker.held >= rule.enough
    return are_enough and is_reached, are_enough


@inner
def _forget_first(m: State, own: BreakerLevel, breaker: BreakerRecord) -> None:
    first = breaker.first
    breaker.first = first.after
    breaker.held -= 1
    release(m, own.free_results, first.at)
