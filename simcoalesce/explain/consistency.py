"""Consistency: which observations contradict each other, and what would make them fit.

The plain reading takes every observation as it stands. If some of them are then false,
readings are searched that turn as few dials as little as possible.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from simcoalesce.experiment.measurements import Measurements
from simcoalesce.explain.bench import Bench
from simcoalesce.explain.dial import Dial, coarse, dials
from simcoalesce.explain.draft import DoesNotApply, Draft
from simcoalesce.explain.reading import Consistency, Contradiction, Reading
from simcoalesce.metrics.claim import Claim
from simcoalesce.scenario.condition import Number, Part
from simcoalesce.scenario.incident import Observation
from simcoalesce.scenario.scenario import Scenario

_DEPTH: Final = 4
_BEAM: Final = 4
_MOST_READINGS: Final = 3
_SEEDS: Final = 5
_UNTOLD: Final = 0.25
"""What turning a dial costs, of its distance, that nobody reported a setting of."""
_CONTRADICTED: Final = 1.0
"""What it costs besides to say that a report is wrong."""
_NEARLY: Final = 0.3
"""A reading that misses no more than this is worth turning its dials again."""

_NEAR: Final = 3
"""How many settings to each side may fit several seeds better than one."""

_Turned: TypeAlias = tuple[tuple[int, float], ...]
"""Dials by their number, and what they are set to."""


@dataclass(frozen=True)
class _Node:
    """A reading under way: the settings of some dials."""

    turned: _Turned
    bends: tuple[str, ...]
    cost: float
    violation: float
    scenario: Scenario = field(repr=False)

    @property
    def dials(self) -> frozenset[int]:
        """Which dials are turned."""
        return frozenset(dial for dial, _ in self.turned)


def consistency(scenario: Scenario, bench: Bench) -> Consistency | None:
    """Say whether all observations of a scenario can be true, and how.

    Args:
        scenario: The incident, with its observations.
        bench: Where to measure.

    Returns:
        The contradictions and the readings; None if nothing was observed.
    """
    if not any(one.that for one in scenario.observations):
        return None
    return _Search(scenario, bench).consistency()


class _Search:
    def __init__(self, scenario: Scenario, bench: Bench) -> None:
        self._incident = scenario
        self._observations = scenario.observations
        self._bench = bench
        self._dials = dials()
        self._reported = frozenset(
            change.partition("=")[0].strip()
            for one in self._observations
            for change in one.sets
        )
        self._plain = self._reported_without()

    def consistency(self) -> Consistency:
        """Return what can be true."""
        misses = self._misses(self._plain)
        if not misses:
            return Consistency((), (), ())
        return Consistency(
            tuple(one.text for one in misses),
            tuple(self._contradiction(one) for one in misses),
            tuple(self._readings()),
        )

    def _reported_without(self, left_out: Observation | None = None) -> Scenario:
        """Return the scenario as all observations say it, or all but one."""
        said = [one for one in self._observations if one is not left_out]
        return self._incident.with_overrides(*(s for one in said for s in one.sets))

    def _misses(self, scenario: Scenario) -> tuple[Observation, ...]:
        measured = self._bench.measured(scenario, _SEEDS)
        return tuple(one for one in self._observations if _violation(one, measured) > 0)

    def _contradiction(self, missed: Observation) -> Contradiction:
        against = [
            other.text
            for other in self._observations
            if other.sets and missed not in self._misses(self._reported_without(other))
        ]
        return Contradiction(missed.text, tuple(against))

    def _readings(self) -> Iterator[Reading]:
        """Yield readings under which all is true; else the nearest one."""
        start = _Node((), (), 0.0, self._violation(self._plain), self._plain)
        seen, beam = [start], [start]
        for _ in range(_DEPTH):
            beam = _best([next_ for node in beam for next_ in self._turned(node)])
            seen += beam
            beam = [node for node in beam if node.violation > 0]
        readings = [self._reading(self._settled(node)) for node in _least(seen)]
        fitting = [one for one in readings if not one.misses]
        if fitting:
            yield from sorted(fitting, key=lambda one: one.cost)[:_MOST_READINGS]
        else:
            yield self._reading(min(seen, key=lambda one: (one.violation, one.cost)))

    def _reading(self, node: _Node) -> Reading:
        misses = tuple(one.text for one in self._misses(node.scenario))
        return Reading(node.bends, round(node.cost, 2), misses)

    def _settled(self, node: _Node) -> _Node:
        """Return a node that fits one seed as it fits several."""
        for number, setting in node.turned:
            if not self._misses(node.scenario):
                break
            settings = self._dials[number].settings
            place = settings.index(setting)
            near = settings[max(place - _NEAR, 0) : place + _NEAR + 1]
            made = [self._made(_with(node.turned, number, one)) for one in near]
            known = [one for one in made if one is not None]
            node = min(known, key=lambda one: self._violation(one.scenario, _SEEDS))
        return node

    def _turned(self, node: _Node) -> Iterator[_Node]:
        """Yield for each further dial its best setting, the others turned after it."""
        for number in range(len(self._dials)):
            if number in node.dials:
                continue
            best = self._best_setting(node.turned, number)
            if best is None or best.violation >= node.violation:
                continue
            for earlier, _ in node.turned:
                best = self._turned_again(best, earlier)
            yield best

    def _turned_again(self, node: _Node, number: int) -> _Node:
        """Return a node with one of its dials set anew, if that is any better."""
        if not node.violation or node.violation > _NEARLY:
            return node
        others = tuple(one for one in node.turned if one[0] != number)
        again = self._best_setting(others, number)
        return again if again and again.violation < node.violation else node

    def _best_setting(self, turned: _Turned, number: int) -> _Node | None:
        """Return the best of some settings, and then of those around it."""
        settings = self._dials[number].settings
        tried: dict[int, _Node] = {}
        places = list(coarse(settings))
        step = places[1] - places[0] if len(places) > 1 else 1
        best = -1
        while places:
            for place in places:
                made = self._made((*turned, (number, settings[place])))
                if made is None:
                    return None
                tried[place] = made
            best = min(tried, key=lambda one: (tried[one].violation, tried[one].cost))
            step //= 2
            around = {best - step, best + step} & set(range(len(settings)))
            places = sorted(around - tried.keys()) if step else []
        return tried[best]

    def _made(self, turned: _Turned) -> _Node | None:
        """Return the plain reading with some dials turned; None if one cannot be."""
        draft, bends, cost = Draft(self._plain), [], 0.0
        try:
            for number, setting in turned:
                bends.append(self._dials[number].turn(draft, setting))
                cost += self._cost(self._dials[number], setting)
        except DoesNotApply:
            return None
        scenario = draft.scenario()
        violation = self._violation(scenario)
        return _Node(turned, tuple(bends), cost, violation, scenario)

    def _cost(self, dial: Dial, setting: float) -> float:
        distance = dial.distance(setting)
        if any(_concerns(key, dial.key) for key in self._reported):
            return distance + _CONTRADICTED
        return _UNTOLD * (1 + distance)

    def _violation(self, scenario: Scenario, seeds: int = 1) -> float:
        measured = self._bench.measured(scenario, seeds)
        return sum(_violation(one, measured) for one in self._observations)


def _with(turned: _Turned, number: int, setting: float) -> _Turned:
    return tuple((n, setting if n == number else kept) for n, kept in turned)


def _concerns(reported: str, key: str) -> bool:
    """Return whether a reported key is a dial's, or holds it."""
    return key == reported or key.startswith((f"{reported}.", f"{reported}["))


def _best(nodes: Sequence[_Node]) -> list[_Node]:
    """Return the best node of each set of dials, the best few of them."""
    ranked = sorted(nodes, key=lambda one: (round(one.violation, 6), one.cost))
    chosen: dict[frozenset[int], _Node] = {}
    for node in ranked:
        chosen.setdefault(node.dials, node)
    fitting = [node for node in chosen.values() if not node.violation]
    others = [node for node in chosen.values() if node.violation]
    return fitting + others[:_BEAM]


def _least(nodes: Sequence[_Node]) -> list[_Node]:
    """Return the nodes that fit, without those that turn more dials than they must."""
    fitting = [node for node in nodes if not node.violation]
    return [
        node
        for node in fitting
        if not any(other.dials < node.dials for other in fitting)
    ]


def _violation(observation: Observation, measured: Measurements) -> float:
    """Return how far a run is from an observation: 0 if it is true, at most 1."""
    if observation.that is None:
        return 0.0
    return max(_miss(part, measured) for part in observation.that.parts)


def _miss(part: Part, measured: Measurements) -> float:
    left, right = (
        side.value(lambda reference: _mean(measured, reference.name))
        for side in part.sides
    )
    if left is None or right is None:
        return 1.0
    if Claim("", part.comparison, right, "").truth(left, left) == "holds":
        return 0.0
    largest = max(abs(left), abs(right))
    return max(min(abs(left - right) / largest, 1.0), 1e-6) if largest else 1e-6


def _mean(measured: Measurements, name: str) -> Number:
    return measured.estimate(name).mean if name in measured.values else None
