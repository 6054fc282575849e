"""A report is taken as it stands; contradictions are found, and hypotheses."""

from collections.abc import Sequence
from itertools import combinations
from math import inf

import pytest

from simcoalesce.explain.calibration.candidate import Candidate, Candidates
from simcoalesce.explain.calibration.consistency import consistency
from simcoalesce.explain.calibration.hypothesis import Consistency, Hypothesis
from simcoalesce.explain.scenario_runner import ScenarioRunner
from tests.unit.explain.builders import a_scenario
from tests.unit.explain.synthetic import Synthetic, synthetic, wrong_kinds

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
    """Return the hypotheses about a synthetic incident."""
    known = consistency(incident.report, ScenarioRunner(seed=1, replications=5))
    assert known is not None
    return known.hypotheses


def is_found(incident: Synthetic, hypotheses: Sequence[Hypothesis]) -> bool:
    """Return whether a hypothesis that fits is the truth, within 15 %."""
    truth = {change.parameter: change.setting for change in incident.truth}
    for hypothesis in hypotheses:
        found = {change.parameter: change.setting for change in hypothesis.adjustments}
        if hypothesis.unexplained or found.keys() != truth.keys():
            continue
        if all(abs(found[kind] / truth[kind] - 1) <= 0.15 for kind in truth):
            return True
    return False


def is_as_simple(incident: Synthetic, hypotheses: Sequence[Hypothesis]) -> bool:
    """Return whether the report is consistent, or a hypothesis deviates no more."""
    if not hypotheses:
        return True
    candidates = Candidates(
        incident.report,
        incident.report.observations,
        ScenarioRunner(seed=1, replications=5),
    )
    kinds = [parameter.kind for parameter in candidates.parameters]
    truth: Candidate | None = candidates.start
    for change in incident.truth:
        assert truth is not None
        truth = candidates.with_setting(
            truth.settings, kinds.index(change.parameter), change.setting
        )
    assert truth is not None
    deviations = [one.deviation for one in hypotheses if not one.unexplained]
    return (
        is_found(incident, hypotheses)
        or min(deviations, default=inf) < truth.deviation + 0.05
    )


def test_a_report_that_can_be_true_is_left_alone() -> None:
    """A thousand a second for 100 ms are a hundred calls."""
    assert found("200ms", 80, 120) == Consistency((), (), ())


def test_a_contradiction_names_both_sides() -> None:
    """Within 50 ms all 200 miss; without that word it is a hundred."""
    (contradiction,) = found("50ms", 80, 120).contradictions

    assert contradiction.text == "the calls"
    assert contradiction.against == ("the burst",)


def test_every_hypothesis_makes_all_of_the_report_true() -> None:
    """And the first one has the smallest deviation."""
    hypotheses = found("50ms", 80, 120).hypotheses

    assert hypotheses
    assert all(not hypothesis.unexplained for hypothesis in hypotheses)
    assert [h.deviation for h in hypotheses] == sorted(h.deviation for h in hypotheses)


def test_without_observations_there_is_nothing_to_say() -> None:
    """A report that reports nothing cannot be wrong."""
    assert consistency(a_scenario(), ScenarioRunner(seed=1, replications=2)) is None


@pytest.mark.parametrize(
    ("case", "shape"),
    [(2, "even"), (5, "even"), (29, "even"), (3, "uniform"), (22, "uniform")],
)
def test_the_truth_of_a_synthetic_incident_is_found(case: int, shape: str) -> None:
    """What the report has wrong is among the hypotheses, within 15 %."""
    incident = synthetic(case, shape=shape)

    assert is_found(incident, hypotheses_of(incident))


@pytest.mark.slow
@pytest.mark.parametrize(("shape", "least"), [("even", 98), ("uniform", 85)])
def test_the_truth_of_random_incidents_is_found(shape: str, least: int) -> None:
    """Of most of 120, within 15 %: with random arrivals chance hides some.

    For nearly all a hypothesis is found that deviates no more than the truth does.
    """
    incidents = [synthetic(case, shape=shape) for case in range(120)]
    found = [(one, hypotheses_of(one)) for one in incidents]

    assert sum(is_found(*one) for one in found) >= least
    assert sum(is_as_simple(*one) for one in found) >= 110


@pytest.mark.slow
def test_random_pairs_of_errors_are_explained() -> None:
    """Each pair of parameters four times; most of 144 as simply as the truth."""
    kinds = wrong_kinds()
    pairs = [*combinations(kinds, 2)] * 4
    incidents = [
        synthetic(case, shape="uniform", wrong=pair) for case, pair in enumerate(pairs)
    ]

    explained = sum(is_as_simple(one, hypotheses_of(one)) for one in incidents)
    assert explained >= 125


def test_every_hypothesis_states_its_adjustments() -> None:
    """The parameters and their settings, for those who go on with the document."""
    (hypothesis, *_) = hypotheses_of(synthetic(2))
    (change,) = hypothesis.adjustments

    assert change.parameter == "events_per_month"
    assert change.text.startswith("it happened")
