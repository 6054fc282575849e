"""The search for readings: few dials, turned as little as makes a report true."""

from collections.abc import Iterable, Iterator, Sequence
from math import inf
from typing import Final

from simcoalesce.explain.bench import Bench
from simcoalesce.explain.ladder import best_setting, is_nearly, near
from simcoalesce.explain.node import Node, Nodes, Turned, with_dial
from simcoalesce.explain.reading import Reading
from simcoalesce.scenario.incident import Observation
from simcoalesce.scenario.scenario import Scenario

MOST_READINGS: Final = 3
_DEPTH: Final = 4
_BEAM: Final = 5
_FEW: Final = 6
"""A dial with no more settings is a choice: each of them is a hypothesis of its own."""
_FEW_MISSED: Final = 1
"""What misses no more observations, by several seeds, may fit if set anew."""


class Search:
    """A beam search over sets of dials; each set with its best settings.

    Simplification: settings are searched dial by dial and by one seed; several decide
    what fits. A narrow optimum between settings can be missed, and so can a pair of
    dials neither of which brings the runs nearer by itself.
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
        self._nodes = Nodes(plain, observations, bench)

    def readings(self) -> Iterator[Reading]:
        """Yield the readings that make all true, least bent first; else the nearest."""
        seen = self._seen()
        least = sorted(self._least(seen), key=lambda one: one.cost)[:MOST_READINGS]
        fitting = [self._settled(node) for node in least]
        if not fitting:
            fitting = [min(seen, key=lambda one: one.rank)]
        for node in sorted(fitting, key=lambda one: one.cost):
            yield self._nodes.reading(node)

    def _seen(self) -> list[Node]:
        """Return the nodes of the search, from the plain reading on."""
        seen = beam = [self._nodes.start]
        for _ in range(_DEPTH):
            done = {node.dials for node in self._least(seen)}
            if len(done) >= MOST_READINGS:
                break
            missing = [one for one in beam if not self._nodes.fits(one)]
            beam = self._best(self._further(missing, done))
            seen = seen + beam
        return seen

    def _further(
        self, beam: Sequence[Node], done: set[frozenset[int]]
    ) -> Iterator[Node]:
        """Yield each node with one dial more, set best, and the others set after it.

        Sets of dials that need not all be turned are left out, and so are those that a
        better node has led to.
        """
        known: set[Turned] = set()
        for node in sorted(beam, key=lambda one: one.rank):
            for number in range(len(self._nodes.dials)):
                wanted = node.dials | {number}
                if number in node.dials or any(one <= wanted for one in done):
                    continue
                for best in self._best_settings(node, number, known):
                    known.add(self._hypothesis(best.turned))
                    yield self._tuned(best)

    def _hypothesis(self, turned: Turned) -> Turned:
        """Return some dials, with the settings of those that are choices."""
        return tuple(
            (number, setting if self._is_choice(number) else 0.0)
            for number, setting in turned
        )

    def _is_choice(self, number: int) -> bool:
        return len(self._nodes.dials[number].settings) <= _FEW

    def _best_settings(
        self, node: Node, number: int, known: set[Turned]
    ) -> Iterator[Node]:
        """Yield each setting of a choice, or the best one of another dial."""
        if not self._is_choice(number):
            if self._hypothesis(with_dial(node.turned, number, 0.0)) not in known:
                best = best_setting(self._nodes, node, number)
                yield from () if best is None else (best,)
            return
        for setting in self._nodes.dials[number].settings:
            if self._hypothesis(with_dial(node.turned, number, setting)) not in known:
                made = self._nodes.made(node.turned, number, setting)
                if made is not None and made.misfit < node.misfit:
                    yield made

    def _tuned(self, node: Node) -> Node:
        """Return a node with its dials set in turn, until it fits or is no better."""
        better, before = node, inf
        while len(node.turned) > 1 and is_nearly(self._nodes, better):
            if better.misfit >= before or self._nodes.fits(better):
                break
            before = better.misfit
            for number, _ in node.turned:
                around = (better, *self._others(better, number))
                better = min(around, key=lambda one: one.rank)
        if not 1 <= self._nodes.missed(better) <= _FEW_MISSED:
            return better
        settled = self._settled(better)
        return settled if self._nodes.fits(settled) else better

    def _others(self, node: Node, number: int) -> list[Node]:
        return [] if self._is_choice(number) else near(self._nodes, node, number)

    def _best(self, nodes: Iterable[Node]) -> list[Node]:
        """Return the best node of each hypothesis, the best few of those that miss."""
        chosen: dict[Turned, Node] = {}
        for node in sorted(nodes, key=lambda one: one.rank):
            chosen.setdefault(self._hypothesis(node.turned), node)
        fitting = [node for node in chosen.values() if self._nodes.fits(node)]
        others = [node for node in chosen.values() if not self._nodes.fits(node)]
        return fitting + others[:_BEAM]

    def _settled(self, node: Node) -> Node:
        """Return a node with its dials set as several seeds have it best."""
        for number, _ in node.turned:
            if not any(self._nodes.seeds_rank(node)):
                break
            around = (node, *self._others(node, number))
            node = min(around, key=self._nodes.seeds_rank)
        return node

    def _least(self, nodes: Sequence[Node]) -> list[Node]:
        """Return what fits, without what turns more dials than it must."""
        fitting = [node for node in nodes if self._nodes.fits(node)]
        return [
            node
            for node in fitting
            if not any(other.dials < node.dials for other in fitting)
        ]
