"""Run plans: about how many runs an explanation still has to make."""

from collections.abc import Mapping


class RunPlan:
    """How many runs each phase is expected to make, in their order.

    What a phase makes less or more is known only at its end: it is a guess, for those
    who wait.
    """

    def __init__(self, expected: Mapping[str, int]) -> None:
        """Begin before the first phase.

        Args:
            expected: How many runs, by the name of the phase.
        """
        self._left = dict(expected)
        self._until = 0

    def begin(self, phase: str, runs: int) -> None:
        """Take note that a phase begins, and of how many runs there are so far.

        Phases before it have ended, or are left out.
        """
        while self._left and phase in self._left:
            name = next(iter(self._left))
            self._until = runs + self._left.pop(name)
            if name == phase:
                return

    def expected(self, runs: int) -> int:
        """Return how many runs there will be in all, about, after so many."""
        return max(runs, self._until) + sum(self._left.values())
