"""Breaker: the states of a circuit breaker, and the results that change them."""

from collections import deque
from collections.abc import Callable
from typing import NamedTuple, Protocol

from simcoalesce.model.clock import NEVER_NS


class CallEnd(NamedTuple):
    """How a call ended, as far as a breaker cares."""

    at_ns: int
    failed: bool
    slow: bool


class History(Protocol):
    """The results that decide whether a breaker opens."""

    def add(self, result: CallEnd) -> None:
        """Count a result; instants never go back."""

    @property
    def are_bad(self) -> bool:
        """Whether they are so bad that it opens."""

    @property
    def are_enough(self) -> bool:
        """Whether they are enough to close it, if they are not bad."""


class Rule(NamedTuple):
    """Which of the last results decide.

    Attributes:
        most: How many failures in a row are bad; or how many results a window holds.
        enough: How many successes in a row are enough; or how many results decide.
        length_ns: How long a window holds them.
    """

    most: int
    enough: int
    length_ns: int = NEVER_NS


class InARow:
    """So many failures in a row are bad; so many successes in a row are enough."""

    def __init__(self, rule: Rule) -> None:
        self._rule = rule
        self._failures = self._successes = 0

    def add(self, result: CallEnd) -> None:
        """Count a result."""
        is_bad = result.failed or result.slow
        self._failures = self._failures + 1 if is_bad else 0
        self._successes = 0 if is_bad else self._successes + 1

    @property
    def are_bad(self) -> bool:
        """Whether the last ones failed."""
        return self._failures >= self._rule.most

    @property
    def are_enough(self) -> bool:
        """Whether the last ones succeeded."""
        return self._successes >= self._rule.enough


class Shares(NamedTuple):
    """From which shares of failed and of slow calls on results are bad."""

    failed: float
    slow: float


class Window:
    """The last results, by their number or their age: bad by the share of failures."""

    def __init__(self, shares: Shares, rule: Rule) -> None:
        """Begin without results.

        Args:
            shares: What is bad.
            rule: Which results it holds, and how many of them decide.
        """
        self._shares = shares
        self._rule = rule
        self._held: deque[CallEnd] = deque()
        self._failed = self._slow = 0

    def add(self, result: CallEnd) -> None:
        """Count a result, and drop what is too old."""
        held, (most, _, length_ns) = self._held, self._rule
        held.append(result)
        self._failed += result.failed
        self._slow += result.slow
        while len(held) > most or held[0].at_ns <= result.at_ns - length_ns:
            oldest = held.popleft()
            self._failed -= oldest.failed
            self._slow -= oldest.slow

    @property
    def are_bad(self) -> bool:
        """Whether a share is reached."""
        if not self.are_enough:
            return False
        failed, slow = self._failed / len(self._held), self._slow / len(self._held)
        return failed >= self._shares.failed or slow >= self._shares.slow

    @property
    def are_enough(self) -> bool:
        """Whether they decide."""
        return len(self._held) >= self._rule.enough


class Breaker:
    """Closed, all calls pass; open, none; half open, so many, until it is decided.

    A result counts when it comes, in the state in which its call began: each change of
    state begins a new generation, and results of older ones are ignored.
    """

    def __init__(
        self,
        *,
        history: Callable[[bool], History],
        open_for_ns: int,
        half_open_calls: int,
        opened: Callable[[], None],
    ) -> None:
        """Begin closed.

        Args:
            history: Makes what counts results, given whether it is half open.
            open_for_ns: How long it stays open.
            half_open_calls: How many calls pass when it is half open.
            opened: Is told that it opens.
        """
        self._new_history = history
        self._open_for_ns = open_for_ns
        self._half_open_calls = half_open_calls
        self._opened = opened
        self._history = history(False)  # noqa: FBT003 - one argument
        self.generation = 0
        self.opens_until_ns = 0
        """Until when it is open; in other states an instant that is past."""
        self._passes: int | None = None
        """How many more calls pass; None if all do."""

    def admits(self, now_ns: int) -> bool:
        """Say whether a call may pass, and count it."""
        if self._passes is None:
            return True
        if now_ns < self.opens_until_ns or not self._passes:
            return False
        self._passes -= 1
        return True

    def returned(self, generation: int, result: CallEnd) -> None:
        """Count the result of a call that began in a generation."""
        if generation != self.generation:
            return
        self._history.add(result)
        if self._history.are_bad:
            self._opened()
            self.opens_until_ns = result.at_ns + self._open_for_ns
            self._begin(passes=self._half_open_calls)
        elif self._passes is not None and self._history.are_enough:
            self._begin(passes=None)

    def withdrawn(self, generation: int) -> None:
        """Let another call pass for one of a generation that ends without result."""
        if generation == self.generation and self._passes is not None:
            self._passes += 1

    def _begin(self, passes: int | None) -> None:
        self.generation += 1
        self._passes = passes
        self._history = self._new_history(passes is not None)
