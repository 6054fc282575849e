"""Every parameter changes something, says so, and has a distance from the report."""

import pytest

from simcoalesce.explain.calibration.parameter import Parameter, parameters
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit
from simcoalesce.explain.scenario_runner import ScenarioRunner
from tests.unit.explain.builders import a_scenario

MONTH = "month={events: 1000}"


@pytest.mark.parametrize(
    "parameter", parameters(), ids=lambda parameter: parameter.kind
)
def test_every_setting_makes_another_scenario(parameter: Parameter) -> None:
    """The first and the last can be made, and differ from what was reported."""
    scenario = a_scenario(MONTH)
    edits = [ScenarioEdit(scenario), ScenarioEdit(scenario)]
    texts = [
        parameter.adjust(edit, parameter.grid[end])
        for edit, end in zip(edits, (0, -1), strict=True)
    ]

    made = {edit.scenario().sha256 for edit in edits}
    assert len({*made, scenario.sha256}) == 3
    assert len(set(texts)) == 2


@pytest.mark.parametrize(
    "parameter", parameters(), ids=lambda parameter: parameter.kind
)
def test_the_first_settings_are_some_of_all_each_once(parameter: Parameter) -> None:
    """A search begins with them."""
    first = [place for side in parameter.sides for place in side]

    assert len(set(first)) == len(first) >= 3
    assert 0 <= min(first) <= max(first) < len(parameter.grid)


@pytest.mark.parametrize(
    "parameter", parameters(), ids=lambda parameter: parameter.kind
)
def test_a_side_begins_with_its_outermost_setting(parameter: Parameter) -> None:
    """If that changes nothing, those further in are left out."""
    assert all(
        parameter.distance(parameter.grid[side[0]])
        == max(parameter.distance(parameter.grid[place]) for place in side)
        for side in parameter.sides
    )


@pytest.mark.parametrize(
    "parameter", parameters(), ids=lambda parameter: parameter.kind
)
def test_every_value_deviates_from_the_report(parameter: Parameter) -> None:
    """So no parameter is changed without need."""
    assert all(parameter.distance(setting) > 0 for setting in parameter.grid)


@pytest.mark.parametrize(
    ("kind", "override", "reason"),
    [
        ("arrival_spread", "traffic.arrivals[0].within=0ms", "no phase"),
        ("events_per_month", "seed=1", "how often"),
        ("kv_write_latency", "path=[kv.read, origin]", "no kv.write"),
        ("quota", "origin.rate_limit=unlimited", "no rate limit"),
        (
            "quota_shape",
            "origin.rate_limit={kind: concurrency, limit: 5}",
            "is no rate",
        ),
        ("shared_flights", "path=[single_flight, origin]", "single flight already"),
        ("warm_locations", "traffic.keys={kind: zipf, s: 1, n: 9}", "several keys"),
        ("warm_locations", "traffic.arrivals[0].requests=1", "come early"),
    ],
)
def test_a_parameter_that_does_not_apply_says_why(
    kind: str, override: str, reason: str
) -> None:
    """The search then goes on without it."""
    (parameter,) = (one for one in parameters() if one.kind == kind)

    with pytest.raises(DoesNotApply, match=reason):
        parameter.adjust(ScenarioEdit(a_scenario(override)), parameter.grid[0])


def test_the_shape_of_a_quota_keeps_its_rate() -> None:
    """Twice as many in twice as long."""
    (parameter,) = (one for one in parameters() if one.kind == "quota_shape")
    edit = ScenarioEdit(a_scenario())
    parameter.adjust(edit, 2.0)

    assert edit.limit_text() == "limit 120, per 2m"


def test_a_quota_for_each_key_stays_one() -> None:
    """Its numbers change, whose calls it counts does not."""
    (parameter,) = (one for one in parameters() if one.kind == "quota")
    edit = ScenarioEdit(a_scenario("origin.rate_limit.for_each=key"))
    parameter.adjust(edit, 2.0)

    assert edit.limit_text() == "limit 120, per 60s, for each key"


@pytest.mark.parametrize("at", ["0ms", "300ms", "5s"])
def test_where_locations_are_warm_as_many_come(at: str) -> None:
    """Of each burst one comes early, so that the others find the key."""
    (parameter,) = (one for one in parameters() if one.kind == "warm_locations")
    scenario = a_scenario(f"traffic.arrivals[0].at={at}", "origin.rate_limit=unlimited")
    edit = ScenarioEdit(scenario)
    parameter.adjust(edit, 0.5)
    runner = ScenarioRunner(seed=1, replications=1)
    names = ("requests", "latency_max_s")

    plain, warm = (runner.measured(one).values for one in (scenario, edit.scenario()))
    assert [warm[name] for name in names] == [plain[name] for name in names]
    assert (warm["origin_hits"][0] or 0) < 0.7 * (plain["origin_hits"][0] or 0)


def test_where_locations_are_warm_no_burst_is_lost() -> None:
    """What happens a second late ends a second late."""
    (parameter,) = (one for one in parameters() if one.kind == "warm_locations")
    scenario = a_scenario("traffic.arrivals[0].every=10s", "duration=20200ms")
    edit = ScenarioEdit(scenario)
    parameter.adjust(edit, 0.5)

    (requests,) = (
        ScenarioRunner(seed=1, replications=1)
        .measured(edit.scenario())
        .values["requests"]
    )
    assert requests == 600
