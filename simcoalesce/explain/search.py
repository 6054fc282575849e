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
_MOST_REQUESTS: Final = 3_000_000
"""What is simulated in search of readings, roughly; then it ends with what it has. It
bounds the time, and not by a clock: the same file gives the same readings."""
_DEPTH: Final = 4
_BEAM: Final = 5
_NEARLY: Final = 0.6
"""A node that misses no more than this is worth setting all of its dials anew."""
_CLOSE: Final = 2
"""Where a setting fits, others that lie no further from it are not tried."""
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
        self._requests = 0.0

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
            done = {node.dials for node in _least(seen)}
            if len(done) >= MOST_READINGS:
                break
            beam = self._best(self._further([one for one in beam if one.misfit], done))
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
                for best in self._best_settings(node, number, known):
                    known.add(self._hypothesis(best.turned))
                    yield self._tuned(best)

    def _hypothesis(self, turned: _Turned) -> _Turned:
        """Return some dials, with the settings of those that are choices."""
        return tuple(
            (number, setting if self._is_choice(number) else 0.0)
            for number, setting in turned
        )

    def _is_choice(self, number: int) -> bool:
        return len(self._dials[number].settings) <= _FEW

    def _best_settings(
        self, node: Node, number: int, known: set[_Turned]
    ) -> Iterator[Node]:
        """Yield each setting of a choice, or the best one of another dial."""
        if not self._is_choice(number):
            if self._hypothesis(_with(node.turned, number, 0.0)) not in known:
                best = self._best_setting(node, number)
                yield from () if best is None else (best,)
            return
        for setting in self._dials[number].settings:
            if self._hypothesis(_with(node.turned, number, setting)) not in known:
                made = self._made(node.turned, number, setting)
                if made is not None and made.misfit < node.misfit:
                    yield made

    def _tuned(self, node: Node) -> Node:
        """Return a node with its dials set in turn, until that is no better."""
        better = node
        while len(node.turned) > 1 and 0 < better.misfit < _NEARLY:
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
                    return best
                tried[place] = made
            found = min(tried, key=lambda one: tried[one].rank)
            best = tried[found]
            if best.misfit >= node.misfit:
                return None
            closest = 1 if best.misfit else _CLOSE
            places = _between(found, sorted(tried), closest)
        return best

    def _best(self, nodes: Iterable[Node]) -> list[Node]:
        """Return the best node of each hypothesis, the best few of those that miss."""
        chosen: dict[_Turned, Node] = {}
        for node in sorted(nodes, key=lambda one: one.rank):
            chosen.setdefault(self._hypothesis(node.turned), node)
        fitting = [node for node in chosen.values() if not node.misfit]
        others = [node for node in chosen.values() if node.misfit]
        return fitting + others[:_BEAM]

    def _made(self, turned: _Turned, number: int, setting: float) -> Node | None:
        """Return the plain reading with some dials turned; None if one cannot be."""
        wanted = _with(turned, number, setting)
        if wanted not in self._made_of:
            is_affordable = self._requests < _MOST_REQUESTS
            self._made_of[wanted] = self._simulated(wanted) if is_affordable else None
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
        (requests,) = self._bench.measured(scenario, 1).values["requests"]
        self._requests += requests or 0.0
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


def _with(turned: _Turned, number: int, setting: float) -> _Turned:
    others = (one for one in turned if one[0] != number)
    return tuple(sorted((*others, (number, setting))))


def _between(place: int, tried: Sequence[int], closest: int = 1) -> list[int]:
    """Return the places half way from one place to its neighbours.

    >>> _between(8, [0, 8, 9])
    [4]
    """
    at = tried.index(place)
    near = tried[max(at - 1, 0) : at + 2]
    return [(place + one) // 2 for one in near if abs(one - place) > closest]


def _concerns(reported: str, key: str) -> bool:
    """Return whether a reported key is a dial's, or holds it."""
    return key == reported or key.startswith((f"{reported}.", f"{reported}["))


def _least(nodes: Sequence[Node]) -> list[Node]:
    """Return the nodes that fit, without those that turn more dials than they must."""
    fitting = [node for node in nodes if not node.misfit]
    return [
        node
        for node in fitting
        if not any(other.dials < node.dials for other in fitting)
    ]
