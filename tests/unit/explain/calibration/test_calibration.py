"""A report is taken at its word; what cannot be true is said, and what could be."""

from collections.abc import Sequence
from itertools import combinations
from math import inf

import pytest

from simcoalesce.explain.calibration.calibration import consistency
from simcoalesce.explain.calibration.candidate import Candidate, Candidates
from simcoalesce.explain.calibration.hypothesis import Consistency, Hypothesis
from simcoalesce.explain.calibration.parameter import parameters
from simcoalesce.explain.scenario_runner import ScenarioRunner
from tests.unit.explain.builders import a_scenario
from tests.unit.explain.synthetic import Synthetic, synthetic

REPORT = """
observations:
  - {{text: the burst, sets: ["traffic.arrivals[0].within={}"]}}
  - {{text: the calls, that: origin_hits >= {} and origin_hits <= {}}}
"""


def found(within: str, low: float, high: float) -> Consistency:
    """Return what can be true of a report of a burst and its calls."""
    scenario = a_scenario(
        "origin.rate_limit=unlimited", more=REPORT.format(within, low, high)
    )
    known = consistency(scenario, ScenarioRunner(seed=1, replications=3))
    assert known is not None
    return known


def hypotheses_of(incident: Synthetic) -> tuple[Hypothesis, ...]:
    """Return how the report of a synthetic incident can be read."""
    known = consistency(incident.report, ScenarioRunner(seed=1, replications=5))
    assert known is not None
    return known.hypotheses


def is_read_back(incident: Synthetic, hypotheses: Sequence[Hypothesis]) -> bool:
    """Return whether a reading that fits turns what is wrong, within 15 %."""
    truth = {adjust.kind: adjust.setting for adjust in incident.truth}
    for hypothesis in hypotheses:
        found = {adjust.kind: adjust.setting for adjust in hypothesis.adjustments}
        if hypothesis.misses or found.keys() != truth.keys():
            continue
        if all(abs(found[kind] / truth[kind] - 1) <= 0.15 for kind in truth):
            return True
    return False


def is_as_simple(incident: Synthetic, hypotheses: Sequence[Hypothesis]) -> bool:
    """Return whether the report can be true, or a reading fits that costs no more."""
    if not hypotheses:
        return True
    candidates = Candidates(
        incident.report,
        incident.report.observations,
        ScenarioRunner(seed=1, replications=5),
    )
    kinds = [parameter.kind for parameter in candidates.parameters]
    truth: Candidate | None = candidates.start
    for adjust in incident.truth:
        assert truth is not None
        truth = candidates.made(
            truth.adjusted, kinds.index(adjust.kind), adjust.setting
        )
    assert truth is not None
    costs = [one.cost for one in hypotheses if not one.misses]
    return (
        is_read_back(incident, hypotheses)
        or min(costs, default=inf) < truth.cost + 0.05
    )


def test_a_report_that_can_be_true_is_left_alone() -> None:
    """A thousand a second for 100 ms are a hundred calls."""
    assert found("200ms", 80, 120) == Consistency((), (), ())


def test_a_contradiction_names_both_sides() -> None:
    """Within 50 ms all 200 miss; without that word it is a hundred."""
    (contradiction,) = found("50ms", 80, 120).contradictions

    assert contradiction.text == "the calls"
    assert contradiction.against == ("the burst",)


def test_every_reading_makes_all_of_the_report_true() -> None:
    """And the first bends it least."""
    hypotheses = found("50ms", 80, 120).hypotheses

    assert hypotheses
    assert all(not hypothesis.misses for hypothesis in hypotheses)
    assert [r.cost for r in hypotheses] == sorted(r.cost for r in hypotheses)


def test_without_observations_there_is_nothing_to_say() -> None:
    """A report that reports nothing cannot be wrong."""
    assert consistency(a_scenario(), ScenarioRunner(seed=1, replications=2)) is None


@pytest.mark.parametrize(
    ("case", "shape"),
    [(2, "even"), (5, "even"), (29, "even"), (3, "uniform"), (22, "uniform")],
)
def test_a_synthetic_incident_is_read_back(case: int, shape: str) -> None:
    """What the report has wrong is among the readings, within 15 %."""
    incident = synthetic(case, shape=shape)

    assert is_read_back(incident, hypotheses_of(incident))


@pytest.mark.slow
@pytest.mark.parametrize(("shape", "least"), [("even", 98), ("uniform", 85)])
def test_random_incidents_are_read_back(shape: str, least: int) -> None:
    """Of 120 within 15 % most: of random arrivals some differ by less than their luck.

    Of nearly all something is said that bends the report no more than the truth does.
    """
    incidents = [synthetic(case, shape=shape) for case in range(120)]
    found = [(one, hypotheses_of(one)) for one in incidents]

    assert sum(is_read_back(*one) for one in found) >= least
    assert sum(is_as_simple(*one) for one in found) >= 110


@pytest.mark.slow
def test_random_pairs_of_errors_are_explained() -> None:
    """Each pair of parameters four times; most of 144 as simply as the truth."""
    kinds = [one.kind for one in parameters()]
    pairs = [*combinations(kinds, 2)] * 4
    incidents = [
        synthetic(case, shape="uniform", wrong=pair) for case, pair in enumerate(pairs)
    ]

    explained = sum(is_as_simple(one, hypotheses_of(one)) for one in incidents)
    assert explained >= 125


def test_every_reading_says_what_it_turns() -> None:
    """The parameters and their settings, for those who go on with the document."""
    (hypothesis, *_) = hypotheses_of(synthetic(2))
    (adjust,) = hypothesis.document()["turns"]

    assert adjust["dial"] == "events_per_month"
    assert adjust["text"] in hypothesis.deviation
