"""Every fix changes a scenario, says what it changed, or says why it cannot."""

import pytest

from simcoalesce.explain.draft import DoesNotApply
from simcoalesce.explain.fix import fixed, fixes
from tests.unit.explain.builders import a_scenario

TWO_KEYS = "traffic.keys={kind: weighted, weights: {a: 1, b: 1}}"


@pytest.mark.parametrize("kind", fixes())
def test_every_fix_can_be_made(kind: str) -> None:
    """On a path that has none of them, with keys that expire together."""
    scenario = a_scenario(TWO_KEYS)

    changed, (text,) = fixed(scenario, fixes()[kind])

    assert changed.sha256 != scenario.sha256
    assert text


@pytest.mark.parametrize("kind", fixes())
def test_every_fix_leaves_the_seeds_alone(kind: str) -> None:
    """Pairs need the same luck."""
    scenario = a_scenario(TWO_KEYS)

    assert fixed(scenario, fixes()[kind])[0].seed == scenario.seed


@pytest.mark.parametrize("kind", [kind for kind in fixes() if kind != "single_flight"])
def test_only_the_spread_changes_the_traffic(kind: str) -> None:
    """All other fixes meet the very same visitors."""
    scenario = a_scenario(TWO_KEYS)
    changed, _ = fixed(scenario, fixes()[kind])

    assert (changed.traffic == scenario.traffic) == (kind != "spread_arrivals")


@pytest.mark.parametrize(
    ("kind", "override", "reason"),
    [
        ("jittered_ttl", "seed=1", "there is one key"),
        ("higher_limit", "origin.rate_limit=unlimited", "no rate limit"),
        (
            "single_flight",
            "path=[single_flight, origin]",
            "has a single flight already",
        ),
        ("faster_kv_writes", "path=[kv.read, origin]", "no kv.write"),
        ("spread_arrivals", "traffic.arrivals[0].within=0ms", "no phase"),
        ("client_retries", "path=[retry, origin]", "has a retry already"),
    ],
)
def test_a_fix_that_does_not_apply_says_why(
    kind: str, override: str, reason: str
) -> None:
    """It is not silently the same scenario."""
    with pytest.raises(DoesNotApply, match=reason):
        fixed(a_scenario(override), fixes()[kind])


@pytest.mark.parametrize(
    "kind", [kind for kind, fix in fixes().items() if fix.gentlest_first(a_scenario())]
)
def test_every_setting_of_a_dial_makes_another_scenario(kind: str) -> None:
    """The gentlest and the strongest can be made, and differ."""
    scenario = a_scenario(TWO_KEYS)
    settings = fixes()[kind].gentlest_first(scenario)

    gentlest, strongest = (fixed(scenario, settings[i])[0] for i in (0, -1))

    assert gentlest.sha256 != strongest.sha256
