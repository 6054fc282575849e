"""A plan guesses how many runs there will be, and corrects itself."""

from simcoalesce.explain.run_plan import RunPlan


def test_what_a_phase_does_not_need_is_not_waited_for() -> None:
    """Of forty runs ten are made; the next phase needs twenty more."""
    plan = RunPlan({"remedies": 40, "thresholds": 20})

    plan.begin("remedies", 5)
    assert plan.expected(15) == 65

    plan.begin("thresholds", 15)
    assert plan.expected(15) == 35


def test_a_phase_that_is_left_out_is_over_when_the_next_begins() -> None:
    """Where the goal is met already there are no thresholds."""
    plan = RunPlan({"remedies": 40, "thresholds": 20, "claims": 10})
    plan.begin("claims", 50)

    assert plan.expected(50) == 60


def test_more_runs_than_expected_are_never_more_than_all() -> None:
    """A phase that takes longer has no end that is known."""
    plan = RunPlan({"remedies": 40})
    plan.begin("remedies", 0)

    assert plan.expected(70) == 70
    assert RunPlan({}).expected(3) == 3


def test_a_phase_that_nobody_planned_changes_nothing() -> None:
    """Its runs are counted as they come."""
    plan = RunPlan({"remedies": 40})
    plan.begin("no such phase", 10)

    assert plan.expected(10) == 50
