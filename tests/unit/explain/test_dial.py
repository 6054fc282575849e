"""Every dial turns something, says so, and costs more the further it is turned."""

import pytest

from simcoalesce.explain.dial import Dial, dials
from simcoalesce.explain.draft import DoesNotApply, Draft
from tests.unit.explain.builders import a_scenario

MONTH = "month={events: 1000}"


@pytest.mark.parametrize("dial", dials(), ids=lambda dial: dial.kind)
def test_every_setting_makes_another_scenario(dial: Dial) -> None:
    """The first and the last can be made, and differ from what was reported."""
    scenario = a_scenario(MONTH)
    drafts = [Draft(scenario), Draft(scenario)]
    texts = [
        dial.turn(draft, dial.settings[end])
        for draft, end in zip(drafts, (0, -1), strict=True)
    ]

    made = {draft.scenario().sha256 for draft in drafts}
    assert len({*made, scenario.sha256}) == 3
    assert len(set(texts)) == 2


@pytest.mark.parametrize("dial", dials(), ids=lambda dial: dial.kind)
def test_the_first_settings_are_some_of_all_in_order(dial: Dial) -> None:
    """A search begins with them."""
    assert list(dial.first) == sorted(set(dial.first))
    assert 0 <= dial.first[0] <= dial.first[-1] < len(dial.settings)


@pytest.mark.parametrize("dial", dials(), ids=lambda dial: dial.kind)
def test_every_setting_costs_something(dial: Dial) -> None:
    """So no dial is turned for nothing."""
    assert all(dial.distance(setting) > 0 for setting in dial.settings)


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
    ],
)
def test_a_dial_that_does_not_apply_says_why(
    kind: str, override: str, reason: str
) -> None:
    """The search then goes on without it."""
    (dial,) = (one for one in dials() if one.kind == kind)

    with pytest.raises(DoesNotApply, match=reason):
        dial.turn(Draft(a_scenario(override)), dial.settings[0])


def test_the_shape_of_a_quota_keeps_its_rate() -> None:
    """Twice as many in twice as long."""
    (dial,) = (one for one in dials() if one.kind == "quota_shape")
    draft = Draft(a_scenario())
    dial.turn(draft, 2.0)

    assert draft.limit_text() == "limit 120, per 2m"
