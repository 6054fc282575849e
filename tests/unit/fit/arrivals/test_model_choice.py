"""Which law arrivals follow, and whether they follow any."""

from typing import Any

import numpy as np
import pytest

from simcoalesce.fit.arrivals.model_choice import (
    ArrivalFit,
    fitted_model,
    interval,
    segments,
)
from simcoalesce.fit.arrivals.observed_arrivals import ObservedArrivals
from tests.unit.fit.builders import generated

BASE = {"kind": "rate", "rate": "100/s"}
BURST = {"kind": "burst", "at": "25.3s", "requests": 800, "within": "2s"}
FLASH_CROWD = {"kind": "flash_crowd", "at": "20s", "peak": "300/s", "rise": "2s"}
FLASH_CROWD |= {"hold": "5s", "decay": "6s"}
STEPS = [{**BASE, "for": "30s"}, {"kind": "rate", "at": "30s", "rate": "40/s"}]
MMPP = {"kind": "mmpp", "quiet": "30/s", "quiet_for": "2s"}
MMPP |= {"busy": "300/s", "busy_for": "1s"}


def fitted(*arrivals: dict[str, Any], stamp_s: float = 0.0) -> ArrivalFit:
    """Return the law of what arrivals bring within a minute."""
    at_s, _ = generated(arrivals, 60.0)
    at_s = np.floor(at_s / stamp_s) * stamp_s if stamp_s else at_s - at_s[0]
    return fitted_model(ObservedArrivals.of(at_s, stamp_s))


@pytest.mark.parametrize("stamp_s", [0.0, 1.0])
@pytest.mark.parametrize(
    ("arrivals", "name"),
    [
        ([BASE], "steady rate"),
        ([BASE, BURST], "rate and bursts"),
        (STEPS, "steps"),
        ([{"kind": "ramp", "from": "20/s", "to": "200/s", "for": "60s"}], "ramp"),
        ([BASE, FLASH_CROWD], "rate and flash crowd"),
    ],
    ids=lambda one: str(one) if isinstance(one, str) else "",
)
def test_each_family_is_told_from_the_others(
    arrivals: list[dict[str, Any]], name: str, stamp_s: float
) -> None:
    """By fine stamps, and by whole seconds."""
    fit = fitted(*arrivals, stamp_s=stamp_s)

    assert fit.posterior.model.name == name
    assert fit.is_told


def test_a_burst_is_found_where_it_was_though_stamps_are_whole_seconds() -> None:
    """At 25.3 s, 2 s long: its edges are parameters, no bins."""
    posterior = fitted(BASE, BURST, stamp_s=1.0).posterior

    begins, lasts = posterior.rows[:, 1], posterior.rows[:, 2]
    assert np.median(begins) == pytest.approx(25.3, abs=0.1)
    assert np.median(lasts) == pytest.approx(2.0, abs=0.2)


def test_bursts_of_another_shape_are_told() -> None:
    """Half of it in the first quarter."""
    model = fitted(BASE, {**BURST, "shape": "front_loaded"}).posterior.model

    assert getattr(model, "shapes", ()) == ("front_loaded",)


def test_rates_that_switch_by_chance_are_no_law() -> None:
    """Counts vary far more than any of these laws says."""
    fit = fitted(MMPP)

    assert not fit.is_told
    assert fit.dispersion > 3


def test_a_metronome_is_told() -> None:
    """Gaps that hardly vary are not those of a Poisson process."""
    assert fitted({**BASE, "process": "even"}).is_even
    assert not fitted(BASE).is_even


def test_an_interval_holds_95_of_100_and_what_is_as_likely() -> None:
    """Its ends are at least the quantiles of the sample."""
    posterior = fitted(BASE).posterior
    rates = posterior.rows[:, 0]

    low, high = interval(posterior, rates)

    assert low <= np.quantile(rates, 0.025)
    assert high >= np.quantile(rates, 0.975)


def test_segments_join_without_gaps() -> None:
    """From t = 0 to the end."""
    at_s, _ = generated([BASE, BURST], 60.0)
    parts = segments(ObservedArrivals.of(at_s - at_s[0]))

    assert [one.until_s for one in parts[:-1]] == [one.from_s for one in parts[1:]]
    assert parts[1].from_s == pytest.approx(25.3, abs=0.15)
