"""Every parameter changes something, says so, and has a distance from the report."""

import pytest

from simcoalesce.explain.calibration.parameter import Parameter, parameters
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit
from simcoalesce.explain.scenario_runner import ScenarioRunner
from tests.unit.explain.builders import a_scenario

MONTH = "month={events: 1000}"
LIMITED = ("kv.writes_per_key=1/s", "kv.on_refused=ignore")
LOCATIONS = "traffic.locations={icn: 3, nrt: 1, sin: 1}"


def the(kind: str) -> Parameter:
    """Return the parameter of a kind."""
    (parameter,) = (one for one in parameters() if one.kind == kind)
    return parameter


@pytest.mark.parametrize(
    "parameter", parameters(), ids=lambda parameter: parameter.kind
)
def test_every_setting_makes_another_scenario(parameter: Parameter) -> None:
    """The first and the last can be made, and differ from what was reported."""
    scenario = a_scenario(MONTH, LOCATIONS, *LIMITED)
    settings = {parameter.grid[0], parameter.grid[-1]}
    edits = [ScenarioEdit(scenario) for _ in settings]
    texts = [
        parameter.adjust(edit, setting).text
        for edit, setting in zip(edits, settings, strict=True)
    ]

    made = {edit.scenario().sha256 for edit in edits}
    assert len({*made, scenario.sha256}) == len(settings) + 1
    assert len(set(texts)) == len(settings)


@pytest.mark.parametrize(
    "parameter", parameters(), ids=lambda parameter: parameter.kind
)
def test_the_first_settings_are_some_of_all_each_once(parameter: Parameter) -> None:
    """A search begins with them."""
    first = [place for side in parameter.sides for place in side]

    assert len(set(first)) == len(first) >= min(3, len(parameter.grid))
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
        ("write_limit", "seed=1", "no store limits"),
        ("refused_puts", "seed=1", "catches no refused put"),
        ("number_of_keys", "traffic.keys={kind: zipf, s: 1, n: 9}", "several keys"),
        ("origin_price", "prices={origin_calls: 1 per 1M}", "says what a call"),
    ],
)
def test_a_parameter_that_does_not_apply_says_why(
    kind: str, override: str, reason: str
) -> None:
    """The search then goes on without it."""
    parameter, scenario = the(kind), a_scenario(LOCATIONS, override)

    with pytest.raises(DoesNotApply, match=reason):
        parameter.adjust(ScenarioEdit(scenario), parameter.grid[0])


def test_the_shape_of_a_quota_keeps_its_rate() -> None:
    """Twice as many in twice as long."""
    parameter = the("quota_shape")
    edit = ScenarioEdit(a_scenario())
    parameter.adjust(edit, 2.0)

    assert edit.limit_text() == "limit 120, per 2m"


def test_a_quota_for_each_key_stays_one() -> None:
    """Its numbers change, whose calls it counts does not."""
    parameter = the("quota")
    edit = ScenarioEdit(a_scenario("origin.rate_limit.for_each=key"))
    parameter.adjust(edit, 2.0)

    assert edit.limit_text() == "limit 120, per 60s, for each key"


@pytest.mark.parametrize("at", ["0ms", "300ms", "5s"])
def test_where_locations_are_warm_as_many_come(at: str) -> None:
    """Of each burst one comes early, so that the others find the key."""
    parameter = the("warm_locations")
    at, unlimited = f"traffic.arrivals[0].at={at}", "origin.rate_limit=unlimited"
    scenario = a_scenario(at, unlimited, "traffic.locations={icn: 1, nrt: 1}")
    edit = ScenarioEdit(scenario)
    parameter.adjust(edit, 0.5)
    runner = ScenarioRunner(seed=1, replications=1)
    names = ("requests", "latency_max_s")

    plain, warm = (runner.measured(one).values for one in (scenario, edit.scenario()))
    assert [warm[name] for name in names] == [plain[name] for name in names]
    assert (warm["origin_hits"][0] or 0) < 0.7 * (plain["origin_hits"][0] or 0)


def test_where_locations_are_warm_no_burst_is_lost() -> None:
    """What happens a second late ends a second late."""
    parameter = the("warm_locations")
    every, duration = "traffic.arrivals[0].every=10s", "duration=20200ms"
    scenario = a_scenario(every, duration, LOCATIONS)
    edit = ScenarioEdit(scenario)
    parameter.adjust(edit, 0.5)

    (requests,) = (
        ScenarioRunner(seed=1, replications=1)
        .measured(edit.scenario())
        .values["requests"]
    )
    assert requests == 600


def test_with_one_location_no_share_of_the_locations_is_warm() -> None:
    """It is cold, or the burst finds the key."""
    with pytest.raises(DoesNotApply, match="one location only"):
        the("warm_locations").adjust(ScenarioEdit(a_scenario()), 0.5)


@pytest.mark.parametrize(
    ("share", "held", "told"),
    [(0.1, 0.2, "nrt"), (0.35, 0.4, "nrt and sin"), (0.9, 0.8, "icn and nrt")],
)
def test_whole_locations_are_warm(share: float, held: float, told: str) -> None:
    """Of three, with three fifths and twice a fifth of the clients."""
    edit = ScenarioEdit(a_scenario(LOCATIONS))
    clause = the("warm_locations").adjust(edit, share)
    weights = edit.document["traffic"]["arrivals"][0]["keys"]["weights"]

    assert list(weights.values()) == pytest.approx([1 - held, held])
    assert clause.text == f"{told} held the key already"


def test_a_store_without_its_limit_refuses_nothing() -> None:
    """All of about a hundred misses are put, and not one."""
    scenario = a_scenario(*LIMITED)
    edit = ScenarioEdit(scenario)
    clause = the("write_limit").adjust(edit, 1.0)
    runner = ScenarioRunner(seed=1, replications=1)
    made = [runner.measured(one).values for one in (scenario, edit.scenario())]

    assert [one["kv_writes_refused"][0] == 0 for one in made] == [False, True]
    assert clause.text == "the limit of 1/s for the puts of a key was not enforced"


def test_errors_of_the_store_are_none_of_the_origin() -> None:
    """Every miss but the first is an error, and the origin refuses nothing."""
    edit = ScenarioEdit(a_scenario(*LIMITED))
    the("refused_puts").adjust(edit, 1.0)
    values = ScenarioRunner(seed=1, replications=1).measured(edit.scenario()).values

    (refused,) = values["kv_writes_refused"]
    assert refused
    assert [*values["errors"], *values["origin_rejected"]] == [refused, 0]


def test_the_price_of_a_call_is_on_the_bill() -> None:
    """The calls of a thousand such events, at 20,000 USD for a million."""
    scenario = a_scenario(MONTH)
    edit = ScenarioEdit(scenario)
    the("origin_price").adjust(edit, 20_000.0)
    runner = ScenarioRunner(seed=1, replications=1)
    one, other = (runner.measured(it).values for it in (scenario, edit.scenario()))

    calls = one["origin_hits"][0] or 0
    more_usd = (other["cost_month_usd"][0] or 0) - (one["cost_month_usd"][0] or 0)
    assert more_usd == pytest.approx(calls * 1000 * 0.02)
