"""Nodes: readings under way, each of them simulated once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from simcoalesce.explain.bench import Bench
from simcoalesce.explain.dial import Dial, dials
from simcoalesce.explain.draft import Draft
from simcoalesce.explain.misfit import is_missed, misfit, reaches
from simcoalesce.explain.reading import Reading, Turn
from simcoalesce.scenario.incident import Observation
from simcoalesce.scenario.scenario import Scenario

SEEDS: Final = 5
"""Replications by which it is decided whether a reading fits."""
_MOST_REQUESTS: Final = 3_000_000
"""What is simulated in search of readings, roughly; then it ends with what it has. It
bounds the time, and not by a clock: the same file gives the same readings."""
_NEAR: Final = 0.15
"""What misses no more than this, per observation, is worth more than one seed."""
_UNTOLD: Final = 0.25
"""What turning a dial costs, of its distance, that nobody reported a setting of."""
_CONTRADICTED: Final = 1.0
"""What it costs besides to say that a report is wrong."""

Turned: TypeAlias = tuple[tuple[int, float], ...]
"""Dials by their number, in their order, and what they are set to."""


@dataclass(frozen=True)
class Node:
    """A reading under way: the settings of some dials.

    Attributes:
        turned: The dials.
        turns: The same in words.
        cost: How much it bends the report.
        misfits: Of each observation, by one seed.
        scenario: What happened, by this reading.
    """

    turned: Turned
    turns: tuple[Turn, ...]
    cost: float
    misfits: tuple[float, ...]
    scenario: Scenario = field(repr=False)

    @property
    def dials(self) -> frozenset[int]:
        """Which dials are turned."""
        return frozenset(dial for dial, _ in self.turned)

    @property
    def misfit(self) -> float:
        """The sum over the observations."""
        return sum(self.misfits)

    @property
    def rank(self) -> tuple[float, float]:
        """What is better comes first: what misses less, and then what bends less."""
        return round(self.misfit, 6), self.cost


class Nodes:
    """The nodes of a search: made of the plain reading, by turning dials."""

    def __init__(
        self, plain: Scenario, observations: Sequence[Observation], bench: Bench
    ) -> None:
        """Begin with the plain reading.

        Args:
            plain: The scenario as all observations say it.
            observations: What was reported.
            bench: Where to measure.
        """
        self.dials = dials()
        self.observed = tuple(one for one in observations if one.that)
        self._bench = bench
        self._reported = frozenset(
            change.partition("=")[0].strip()
            for one in observations
            for change in one.sets
        )
        # How much runs differ is known of the plain reading alone before a search.
        known = bench.measured(plain, SEEDS)
        self._reaches = [reaches(one, known) for one in self.observed]
        self._draft = Draft(plain)
        self.start = Node((), (), 0.0, self._misfits(plain), plain)
        self._made_of: dict[Turned, Node | None] = {(): self.start}
        self._judged: set[Turned] = set()
        self._requests = 0.0

    def made(self, turned: Turned, number: int, setting: float) -> Node | None:
        """Return a node with one dial set, besides others; None if it cannot be."""
        wanted = with_dial(turned, number, setting)
        if wanted not in self._made_of:
            made = self._simulated(wanted) if self._is_affordable else None
            self._made_of[wanted] = made
        return self._made_of[wanted]

    def fits(self, node: Node) -> bool:
        """Whether all that was observed could be of a run of this reading."""
        return self.missed(node) == 0

    def missed(self, node: Node) -> int:
        """Return how many observations could not be of a run of this reading.

        All of them, it is said of what misses by far by one seed, or if no more is to
        be simulated: other seeds are not tried.
        """
        return len(self._missed(node)) if self._is_judged(node) else len(self.observed)

    def seeds_rank(self, node: Node) -> tuple[int, float]:
        """What is better comes first, by several seeds where they are worth a try."""
        if not self._is_judged(node):
            return len(self.observed), node.misfit
        return self.missed(node), sum(self._misfits(node.scenario, SEEDS))

    def reading(self, node: Node) -> Reading:
        """Return a node as it is told."""
        missed = tuple(one.text for one in self._missed(node))
        return Reading(node.turns, round(node.cost, 2), missed)

    def _is_judged(self, node: Node) -> bool:
        is_near = node.misfit <= _NEAR * len(self.observed)
        if is_near and node.turned not in self._judged and self._is_affordable:
            self._judged.add(node.turned)
            self._count(node.scenario, SEEDS - 1)
        return node.turned in self._judged

    @property
    def _is_affordable(self) -> bool:
        return self._requests < _MOST_REQUESTS

    def _count(self, scenario: Scenario, runs: int) -> None:
        (requests,) = self._bench.measured(scenario, 1).values["requests"]
        self._requests += runs * (requests or 0.0)

    def _missed(self, node: Node) -> list[Observation]:
        measured = self._bench.measured(node.scenario, SEEDS)
        return [one for one in self.observed if is_missed(one, measured)]

    def _simulated(self, turned: Turned) -> Node | None:
        draft, turns, cost = self._draft.copy(), [], 0.0
        try:
            for number, setting in turned:
                dial = self.dials[number]
                turns.append(Turn(dial.kind, setting, dial.turn(draft, setting)))
                cost += self._cost(dial, setting)
            scenario = draft.scenario()
        except ValueError:  # it does not apply, or is beyond what a scenario can say
            return None
        self._count(scenario, 1)
        return Node(turned, tuple(turns), cost, self._misfits(scenario), scenario)

    def _cost(self, dial: Dial, setting: float) -> float:
        distance = dial.distance(setting)
        if any(_concerns(key, dial.key) for key in self._reported):
            return distance + _CONTRADICTED
        return _UNTOLD * (1 + distance)

    def _misfits(self, scenario: Scenario, seeds: int = 1) -> tuple[float, ...]:
        measured = self._bench.measured(scenario, seeds)
        pairs = zip(self.observed, self._reaches, strict=True)
        return tuple(misfit(one, measured, reach) for one, reach in pairs)


def with_dial(turned: Turned, number: int, setting: float) -> Turned:
    """Return some dials and one more, or one set otherwise."""
    others = (one for one in turned if one[0] != number)
    return tuple(sorted((*others, (number, setting))))


def _concerns(reported: str, key: str) -> bool:
    """Return whether a reported key is a dial's, or holds it."""
    return key == reported or key.startswith((f"{reported}.", f"{reported}["))
