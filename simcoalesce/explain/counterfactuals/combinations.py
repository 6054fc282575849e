"""Combinations: two or three remedies together, where no single one meets the goal."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations as subsets
from typing import Final

from simcoalesce.explain.counterfactuals.counterfactual import (
    EFFORTS,
    Counterfactual,
    counterfactual,
)
from simcoalesce.explain.counterfactuals.goal import Goal
from simcoalesce.explain.counterfactuals.remedy import Remedy, remedied, remedies
from simcoalesce.explain.scenario_edit import DoesNotApply
from simcoalesce.explain.scenario_runner import ScenarioRunner, seeds_to_search
from simcoalesce.scenario.scenario import Scenario

_MOST_RUNS: Final = 72
"""So many runs are simulated of each size, at most."""
_MOST_LONG_RUNS: Final = 8
"""So many if one run is so long that it stands for several."""
_BEAM: Final = 4
"""So many pairs are tried with a third remedy."""
_MOST_FOUND: Final = 3

Missed = tuple[float, ...]
"""By how much each statement of the goal is missed: 0 not at all, 1 as before."""


@dataclass(frozen=True)
class _Part:
    """A remedy with one of its settings, and what it leaves of the goal alone."""

    remedy: Remedy
    missed: Missed
    is_extreme: bool


@dataclass(frozen=True)
class _Group:
    """Parts that are tried together, and what they leave of the goal."""

    parts: tuple[_Part, ...]
    missed: Missed

    @property
    def cost(self) -> tuple[float, int, int]:
        """What to look at first: what is missed, settings at their ends, effort."""
        efforts = (EFFORTS.index(one.remedy.effort) for one in self.parts)
        extreme = sum(one.is_extreme for one in self.parts)
        return round(sum(self.missed), 2), extreme, sum(efforts)


def combinations(
    scenario: Scenario,
    runner: ScenarioRunner,
    goal: Goal,
    tried: Iterable[Counterfactual],
) -> tuple[Counterfactual, ...]:
    """Return pairs, or else triples, that meet the goal; few of the best.

    A beam search: what parts leave of the goal alone says which of them may go
    together; few are simulated, under few seeds, and those that meet the goal on
    average under all. Nothing is tried where a single remedy meets it.

    Args:
        scenario: The incident.
        runner: Measures them.
        goal: What they must achieve.
        tried: Each remedy alone, with its threshold.
    """
    alone = {one.kind: one for one in tried}
    is_fixed = any(
        at and at.verdict == "fixes" for at in (one.meets for one in alone.values())
    )
    if goal.is_met_already or is_fixed or not goal.expectations:
        return ()
    search = _Search(scenario, runner, goal)
    parts = search.parts(alone)
    pairs = search.simulated(_joined(subsets(parts, 2), search.most))
    found = search.winners(pairs)
    if not found:
        best = sorted(pairs, key=lambda one: one.cost)[:_BEAM]
        wider = ((*pair.parts, part) for pair in best for part in parts)
        found = search.winners(search.simulated(_joined(wider, search.most)))
    return tuple(found)


def _joined(groups: Iterable[Sequence[_Part]], most: int) -> list[_Group]:
    """Return the groups that promise most: each statement as its best part has it."""
    made: dict[frozenset[tuple[str, bool]], _Group] = {}
    for parts in groups:
        kinds = frozenset((one.remedy.kind, one.is_extreme) for one in parts)
        if len({one.remedy.kind for one in parts}) == len(parts):
            missed = tuple(map(min, zip(*(one.missed for one in parts), strict=True)))
            made.setdefault(kinds, _Group(tuple(parts), missed))
    return sorted(made.values(), key=lambda one: one.cost)[:most]


class _Search:
    """Simulates groups of remedies of one incident."""

    def __init__(self, scenario: Scenario, runner: ScenarioRunner, goal: Goal) -> None:
        self._scenario = scenario
        self._runner = runner
        self._goal = goal
        self._seeds = seeds_to_search(scenario)
        self._before = goal.missed_by(runner.measured(scenario, self._seeds))

    @property
    def most(self) -> int:
        """How many groups of each size are simulated, at most."""
        return _MOST_LONG_RUNS if self._seeds == 1 else _MOST_RUNS // self._seeds

    def parts(self, alone: Mapping[str, Counterfactual]) -> list[_Part]:
        """Return each remedy that applies, and its strongest setting besides."""
        return [
            _Part(remedy, self._missed(changed), is_extreme)
            for kind, usual in remedies().items()
            if kind in alone
            for remedy, is_extreme in self._settings(usual)
            if (changed := self._made([remedy])) is not None
        ]

    def _settings(self, usual: Remedy) -> Iterator[tuple[Remedy, bool]]:
        yield usual, False
        for strongest in self._ends(usual):
            yield strongest, True

    def _ends(self, usual: Remedy) -> Sequence[Remedy]:
        try:
            return usual.weakest_first(self._scenario)[-1:]
        except DoesNotApply:
            return ()

    def simulated(self, groups: Sequence[_Group]) -> list[_Group]:
        """Return groups with what they leave of the goal, those that can be made."""
        made = [
            (one, self._made([part.remedy for part in one.parts])) for one in groups
        ]
        known = [(one, changed) for one, changed in made if changed is not None]
        self._runner.prepare((changed for _, changed in known), self._seeds)
        return [_Group(one.parts, self._missed(changed)) for one, changed in known]

    def winners(self, groups: Iterable[_Group]) -> list[Counterfactual]:
        """Return the groups that are enough under all seeds, the best first."""
        found: list[Counterfactual] = []
        for group in sorted(groups, key=lambda one: one.cost):
            if sum(group.missed) or len(found) == _MOST_FOUND:
                break
            together = [one.remedy for one in group.parts]
            made = counterfactual(self._scenario, together, self._runner, self._goal)
            if made.verdict == "fixes":
                found.append(made)
        return found

    def _missed(self, changed: Scenario) -> Missed:
        after = self._goal.missed_by(self._runner.measured(changed, self._seeds))
        return tuple(
            one / (before or 1.0)
            for one, before in zip(after, self._before, strict=True)
        )

    def _made(self, together: Sequence[Remedy]) -> Scenario | None:
        try:
            return remedied(self._scenario, *together)[0]
        except DoesNotApply:
            return None
