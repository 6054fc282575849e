"""What every remedy obeys, on random incidents: the same clients, or a reason."""

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from simcoalesce import Scenario, run
from simcoalesce.explain.counterfactuals.remedy import Remedy, remedied, remedies
from simcoalesce.explain.scenario_edit import DoesNotApply
from simcoalesce.model.layer import Layer
from simcoalesce.request import Requests
from tests.random_scenarios import ALL_PATHS, CLIENTS, SPANS, WAITS, some

QUICK = settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
KINDS = sorted(remedies())


def phases(kind: str, said: dict[str, Any], **fields: Any) -> st.SearchStrategy[Any]:
    """Return phases of a kind that say something, and perhaps more."""
    times = {"at": WAITS, "until": st.sampled_from(["25ms", "50ms", "80ms"])}
    return some(**times, **fields).map(lambda chosen: {"kind": kind} | said | chosen)


BURSTS = st.builds(
    lambda phase, requests, within: {**phase, "requests": requests, "within": within},
    phases(
        "burst",
        {},
        shape=st.sampled_from(["uniform", "even", "front_loaded", "gaussian"]),
    )
    | phases("burst", {"every": "20ms"}, times=st.integers(1, 3)),
    st.integers(1, 8),
    WAITS | SPANS,
)
OTHERS = st.one_of(
    phases("rate", {"rate": "100/s"}, process=st.just("even")),
    phases("even", {"requests": 9, "every_request": "10ms"}),
    phases("ramp", {"from": "300/s", "to": "0/s", "for": "60ms"}),
    phases("flash_crowd", {"base": "50/s", "peak": "400/s", "decay": "20ms"}),
    phases("flash_crowd", {"peak": "400/s", "decay": "20ms"}, rise=SPANS, hold=WAITS),
    phases("mmpp", {"quiet": "50/s", "busy": "400/s"}).map(
        lambda phase: {**phase, "quiet_for": "10ms", "busy_for": "10ms"}
    ),
)
ARRIVALS = st.lists(BURSTS, max_size=2).flatmap(
    lambda found: st.lists(OTHERS, min_size=not found, max_size=2).map(
        lambda others: [*found, *others]
    )
)


@st.composite
def incidents(draw: st.DrawFn) -> Scenario:
    """Return open-loop traffic of two keys, on any path."""
    path: list[Layer] = draw(ALL_PATHS)
    traffic = {
        "arrivals": draw(ARRIVALS),
        "keys": {"kind": "weighted", "weights": {"key-0": 2, "key-1": 1}},
        "locations": {"at-0": 1, "at-1": 1},
        "isolates": 2,
    }
    ends = draw(st.sampled_from(["30ms", "45ms", "120ms"]))
    return a_scenario(path, traffic, ends)


def a_scenario(path: list[Layer], traffic: Any, ends: str) -> Scenario:
    """Return a scenario of a path and its traffic."""
    once = [*{one.kind: one for one in path}.values()]
    parts = {"path": once, "traffic": traffic, "duration": ends, "engine": "simpy"}
    try:
        return Scenario.model_validate(parts)
    except ValueError:
        reject()


def keys(scenario: Scenario) -> list[int]:
    """Return how many requests ask for each key."""
    traffic = scenario.traffic.generate(
        seed=scenario.seed, duration_ns=scenario.duration_ns
    )
    requests = Requests.joined(list(traffic.chunks))
    counts: list[int] = np.bincount(requests.key, minlength=2).tolist()
    return counts


def settings_of(kind: str, scenario: Scenario, at: float) -> list[Remedy]:
    """Return a remedy as usual, and in one of its strengths."""
    usual = remedies()[kind]
    every = usual.weakest_first(scenario)
    return [usual, *every[int(at * len(every)) :][:1]]


@pytest.mark.parametrize("kind", KINDS)
@given(scenario=incidents(), at=st.floats(0, 0.999))
@QUICK
def test_a_remedy_keeps_every_request(kind: str, scenario: Scenario, at: float) -> None:
    """As many as before, for the same keys; or it says why it does not apply."""
    for remedy in settings_of(kind, scenario, at):
        try:
            changed, (text,) = remedied(scenario, remedy)
        except DoesNotApply as reason:
            assert len(str(reason).split()) > 3  # noqa: PT017 - it is an answer
            continue
        assert text
        assert keys(changed) == keys(scenario)
        run(changed)


@pytest.mark.parametrize("kind", KINDS)
@given(path=ALL_PATHS, traffic=CLIENTS, at=st.floats(0, 0.999))
@QUICK
def test_a_remedy_keeps_the_users_of_a_closed_loop(
    kind: str, path: list[Layer], traffic: Any, at: float
) -> None:
    """Who they are, how long they think, and how long they stay."""
    scenario = a_scenario(path, traffic, "150ms")
    for remedy in settings_of(kind, scenario, at):
        try:
            changed, _ = remedied(scenario, remedy)
        except DoesNotApply:
            continue
        pairs = zip(scenario.traffic.arrivals, changed.traffic.arrivals, strict=True)
        for one, other in pairs:
            ends = {"until_ns": one.until_ns}
            assert not one.is_closed or other.model_copy(update=ends) == one
            assert other.lasts_ns(changed.duration_ns) >= one.lasts_ns(150_000_000)
