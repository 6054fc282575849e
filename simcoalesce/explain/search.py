"""The search for readings: few dials, turned as little as makes a report true."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from simcoalesce.explain.bench import Bench
from simcoalesce.explain.dial import Dial, dials
from simcoalesce.explain.draft import Draft
from simcoalesce.explain.misfit import misfit
from simcoalesce.explain.reading import Reading, Turn
from simcoalesce.scenario.incident import Observation
from simcoalesce.scenario.scenario import Scenario

SEEDS: Final = 5
"""Replications by which it is decided whether a reading fits."""
MOST_READINGS: Final = 3
_DEPTH: Final = 4
_BEAM: Final = 5
_FEW: Final = 6
"""A dial with no more settings is a choice: each of them is a hypothesis of its own."""
_UNTOLD: Final = 0.25
"""What turning a dial costs, of its distance, that nobody reported a setting of."""
_CONTRADICTED: Final = 1.0
"""What it costs besides to say that a report is wrong."""
_NEAR: Final = (1, 2, 4, 8)
"""How far from a setting others are tried when a dial is set anew."""

_Turned: TypeAlias = tuple[tuple[int, float], ...]
"""Dials by their number, in their order, and what they are set to."""


@dataclass(frozen=True)
class Node:
    """A reading under way: the settings of some dials.

    Attributes:
        turned: The dials.
        turns: The same in words.
        cost: How much it bends the report.
        misfit: The sum over the observations, of one seed.
        scenario: What happened, by this reading.
    """

    turned: _Turned
    turns: tuple[Turn, ...]
    cost: float
    misfit: float
    scenario: Scenario = field(repr=False)

    @property
    def dials(self) -> frozenset[int]:
        """Which dials are turned."""
        return frozenset(dial for dial, _ in self.turned)

    @property
    def rank(self) -> tuple[float, float]:
        """What is better comes first: what fits, and then what bends less."""
        return round(self.misfit, 6), self.cost


class Search:
    """A beam search over sets of dials; each set with its best settings.

    Simplification: settings are searched dial by dial, by one seed, and set anew by
    several seeds in the end; a narrow optimum between them can be missed.
    """

    def __init__(
        self, plain: Scenario, observations: Sequence[Observation], bench: Bench
    ) -> None:
        """Begin with the plain reading.

        Args:
            plain: The scenario as all observations say it.
            observations: What was reported.
            bench: Where to measure.
        """
        self._observations = observations
        self._bench = bench
        self._dials = dials()
        self._reported = frozenset(
            change.partition("=")[0].strip()
            for one in observations
            for change in one.sets
        )
        self._draft = Draft(plain)
        self._start = Node((), (), 0.0, self._misfit(plain), plain)
        self._made_of: dict[_Turned, Node | None] = {}

    def readings(self) -> Iterator[Reading]:
        """Yield the readings that make all true, least bent first; else the nearest."""
        seen = self._seen()
        readings = [self._reading(self._settled(node)) for node in _least(seen)]
        fitting = [one for one in readings if not one.misses]
        if fitting:
            yield from sorted(fitting, key=lambda one: one.cost)[:MOST_READINGS]
        else:
            yield self._reading(min(seen, key=lambda one: one.rank))

    def _seen(self) -> list[Node]:
        """Return the nodes of the search, from the plain reading on."""
        seen, beam = [self._start], [self._start]
        for _ in range(_DEPTH):
            most, done = _affordable(seen), {node.dials for node in _least(seen)}
            beam = [node for node in beam if node.misfit > 0 and node.cost < most]
            beam = self._best(self._further(beam, done))
            seen += beam
        return seen

    def _further(
        self, beam: Sequence[Node], done: set[frozenset[int]]
    ) -> Iterator[Node]:
        """Yield each node with one dial more, set best, and the others set after it.

        Sets of dials that need not all be turned are left out, and so are those that a
        better node has led to.
        """
        known: set[_Turned] = set()
        for node in sorted(beam, key=lambda one: one.rank):
            for number in range(len(self._dials)):
                wanted = node.dials | {number}
                if number in node.dials or any(one <= wanted for one in done):
                    continue
                for best in self._best_settings(node, number):
                    if self._hypothesis(best) not in known:
                        known.add(self._hypothesis(best))
                        yield self._tuned(best)

    def _hypothesis(self, node: Node) -> _Turned:
        """Return the dials of a node, with the settings of those that are choices."""
        return tuple(
            (number, setting if self._is_choice(number) else 0.0)
            for number, setting in node.turned
        )

    def _is_choice(self, number: int) -> bool:
        return len(self._dials[number].settings) <= _FEW

    def _best_settings(self, node: Node, number: int) -> list[Node]:
        """Return each setting of a choice, or the best one of another dial."""
        if not self._is_choice(number):
            best = self._best_setting(node, number)
            return [] if best is None else [best]
        settings = self._dials[number].settings
        made = [self._made(node.turned, number, one) for one in settings]
        return [one for one in made if one and one.misfit < node.misfit]

    def _tuned(self, node: Node) -> Node:
        """Return a node with its dials set in turn, until that is no better."""
        better = node
        while len(node.turned) > 1 and better.misfit:
            node = better
            for number, _ in node.turned:
                near = [] if self._is_choice(number) else self._near(better, number)
                better = min((better, *near), key=lambda one: one.rank)
            if better.misfit >= node.misfit:
                break
        return better

    def _near(self, node: Node, number: int) -> list[Node]:
        """Return nodes with one dial set a little differently."""
        settings = self._dials[number].settings
        place = settings.index(dict(node.turned)[number])
        places = (place + side * step for step in _NEAR for side in (-1, 1))
        near = [settings[one] for one in places if 0 <= one < len(settings)]
        made = (self._made(node.turned, number, setting) for setting in near)
        return [one for one in made if one is not None]

    def _best_setting(self, node: Node, number: int) -> Node | None:
        """Return the best of some settings of a dial, and then of those around it."""
        dial = self._dials[number]
        tried: dict[int, Node] = {}
        places: Sequence[int] = dial.first
        best: Node | None = None
        while places:
            for place in places:
                made = self._made(node.turned, number, dial.settings[place])
                if made is None:
                    return None
                tried[place] = made
            found = min(tried, key=lambda one: tried[one].rank)
            best = tried[found]
            if best.misfit >= node.misfit:
                return None
            places = _between(found, sorted(tried))
        return best

    def _best(self, nodes: Iterable[Node]) -> list[Node]:
        """Return the best node of each hypothesis, the best few of those that miss."""
        chosen: dict[_Turned, Node] = {}
        for node in sorted(nodes, key=lambda one: one.rank):
            chosen.setdefault(self._hypothesis(node), node)
        fitting = [node for node in chosen.values() if not node.misfit]
        others = [node for node in chosen.values() if node.misfit]
        return fitting + others[:_BEAM]

    def _made(self, turned: _Turned, number: int, setting: float) -> Node | None:
        """Return the plain reading with some dials turned; None if one cannot be."""
        others = [one for one in turned if one[0] != number]
        wanted = tuple(sorted([*others, (number, setting)]))
        if wanted not in self._made_of:
            self._made_of[wanted] = self._simulated(wanted)
        return self._made_of[wanted]

    def _simulated(self, turned: _Turned) -> Node | None:
        draft, turns, cost = self._draft.copy(), [], 0.0
        try:
            for number, setting in turned:
                dial = self._dials[number]
                turns.append(Turn(dial.kind, setting, dial.turn(draft, setting)))
                cost += self._cost(dial, setting)
            scenario = draft.scenario()
        except ValueError:  # it does not apply, or is beyond what a scenario can say
            return None
        return Node(turned, tuple(turns), cost, self._misfit(scenario), scenario)

    def _cost(self, dial: Dial, setting: float) -> float:
        distance = dial.distance(setting)
        if any(_concerns(key, dial.key) for key in self._reported):
            return distance + _CONTRADICTED
        return _UNTOLD * (1 + distance)

    def _settled(self, node: Node) -> Node:
        """Return a node that fits one seed as it fits several."""
        for number, _ in node.turned:
            if not self._misfit(node.scenario, SEEDS):
                break
            near = (node, *self._near(node, number))
            node = min(near, key=lambda one: self._misfit(one.scenario, SEEDS))
        return node

    def _reading(self, node: Node) -> Reading:
        measured = self._bench.measured(node.scenario, SEEDS)
        missed = (one.text for one in self._observations if misfit(one, measured))
        return Reading(node.turns, round(node.cost, 2), tuple(missed))

    def _misfit(self, scenario: Scenario, seeds: int = 1) -> float:
        measured = self._bench.measured(scenario, seeds)
        return sum(misfit(one, measured) for one in self._observations)


def _between(place: int, tried: Sequence[int]) -> list[int]:
    """Return the places half way from one place to its neighbours.

    >>> _between(8, [0, 8, 9])
    [4]
    """
    at = tried.index(place)
    halves = [(place + other) // 2 for other in tried[max(at - 1, 0) : at + 2]]
    return [half for half in halves if half not in tried]


def _concerns(reported: str, key: str) -> bool:
    """Return whether a reported key is a dial's, or holds it."""
    return key == reported or key.startswith((f"{reported}.", f"{reported}["))


def _affordable(seen: Sequence[Node]) -> float:
    """Return the cost beyond which no further reading would be shown."""
    costs = sorted(node.cost for node in _least(seen))
    return costs[MOST_READINGS - 1] if len(costs) >= MOST_READINGS else float("inf")


def _least(nodes: Sequence[Node]) -> list[Node]:
    """Return the nodes that fit, without those that turn more dials than they must."""
    fitting = [node for node in nodes if not node.misfit]
    return [
        node
        for node in fitting
        if not any(other.dials < node.dials for other in fitting)
    ]
