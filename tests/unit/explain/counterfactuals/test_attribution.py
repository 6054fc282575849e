"""Attribution shares out exactly what there is."""

from fractions import Fraction

import pytest

from simcoalesce.explain.counterfactuals.attribution import Subset, attribution, shapley
from simcoalesce.explain.counterfactuals.remedy import remedied, remedies
from simcoalesce.explain.scenario_runner import ScenarioRunner
from tests.unit.explain.builders import ON_ITS_PATH, a_scenario


def additive(who: Subset) -> Fraction:
    """Return a worth to which each player adds its own."""
    return Fraction(sum({"a": 5, "b": 7, "c": 0}[player] for player in who))


def glove(who: Subset) -> Fraction:
    """Return the worth of a pair: a left glove, and one of two right ones."""
    return Fraction("left" in who and bool(who & {"right", "other"}))


def test_where_players_add_up_each_gets_its_own() -> None:
    """Then the order does not matter."""
    assert shapley("abc", additive) == {"a": 5, "b": 7, "c": 0}


def test_the_glove_game_is_shared_as_the_textbook_says() -> None:
    """Two thirds for the only left glove, a sixth for each right one."""
    values = shapley(("left", "right", "other"), glove)

    assert values == {
        "left": Fraction(2, 3),
        "right": Fraction(1, 6),
        "other": Fraction(1, 6),
    }


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_shares_sum_exactly_to_what_all_remedies_remove(seed: int) -> None:
    """As fractions, so to the last digit."""
    causes = [
        remedy
        for kind, remedy in remedies().items()
        if remedy.is_cause and kind not in ON_ITS_PATH
    ]
    known = attribution(a_scenario(), causes, ScenarioRunner(seed=seed, replications=3))

    assert known is not None
    total = sum((one.shapley for one in known.shares), Fraction(0))
    assert total == known.before - known.after


def test_one_cause_alone_is_not_shared() -> None:
    """There is nothing to share it with."""
    causes = [remedies()["single_flight"]]

    assert (
        attribution(a_scenario(), causes, ScenarioRunner(seed=1, replications=2))
        is None
    )


def test_what_removes_nothing_has_no_shares() -> None:
    """One call for a cold key is nobody's fault."""
    scenario = a_scenario("path=[waiting_list, origin]")
    causes = [remedies()["faster_origin"], remedies()["spread_arrivals"]]

    assert attribution(scenario, causes, ScenarioRunner(seed=1, replications=2)) is None


def test_a_share_has_an_interval_around_it() -> None:
    """The seeds differ, and so do the shares of each."""
    causes = [remedies()["instant_kv_writes"], remedies()["faster_origin"]]
    known = attribution(a_scenario(), causes, ScenarioRunner(seed=1, replications=4))
    assert known is not None
    intervals = [share.ci95 or (0, 0) for share in known.shares]

    assert all(
        low < share.shapley < high
        for share, (low, high) in zip(known.shares, intervals, strict=True)
    )


def test_a_share_says_what_its_remedy_does_alone_and_among_all() -> None:
    """Alone against the incident; left out against all of them; largest share first."""
    scenario, runner = a_scenario(), ScenarioRunner(seed=1, replications=3)
    known = remedies()
    causes = [known[kind] for kind in ("faster_origin", "instant_kv_writes")]

    def hits(*kinds: str) -> float | None:
        changed, _ = remedied(scenario, *(known[kind] for kind in kinds))
        return runner.measured(changed).estimate("origin_hits").mean

    shared = attribution(scenario, causes, runner)

    assert shared is not None
    first, second = shared.shares
    assert first.shapley > second.shapley
    for share, other in ((first, second), (second, first)):
        assert float(shared.before - share.alone) == pytest.approx(hits(share.kind))
        assert float(shared.after + share.ablation) == pytest.approx(hits(other.kind))
