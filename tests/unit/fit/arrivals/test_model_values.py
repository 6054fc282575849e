"""A law as values of a scenario."""

import pytest

from simcoalesce.fit.arrivals.model_choice import fitted_model
from simcoalesce.fit.arrivals.model_values import model_values, written
from simcoalesce.fit.arrivals.observed_arrivals import ObservedArrivals
from simcoalesce.fit.fitted_value import FittedValue
from tests.unit.fit.builders import generated

BURST = {"kind": "burst", "at": "20s", "requests": 600, "within": "1s"}


@pytest.fixture(scope="module")
def values() -> dict[str, FittedValue]:
    """Return the values of a rate and a burst, by their names."""
    at_s, _ = generated([{"kind": "rate", "rate": "50/s"}, BURST], 60.0)
    observed = ObservedArrivals.of(at_s - at_s[0])
    return {one.name: one for one in model_values(fitted_model(observed), observed, "")}


def test_each_parameter_is_a_value_with_its_interval(
    values: dict[str, FittedValue],
) -> None:
    """It sets its own path; the first of a phase its kind too."""
    assert [*values] == ["base rate", "burst start", "burst size", "burst length"]
    assert values["burst start"].sets.keys() == {
        "traffic.arrivals[1].kind",
        "traffic.arrivals[1].at",
    }
    assert values["burst length"].interval is not None


def test_the_size_of_a_burst_is_as_uncertain_as_what_else_came(
    values: dict[str, FittedValue],
) -> None:
    """50 of the 650 within it are of the base rate: 14 more or fewer, not 50."""
    low, high = (float(one) for one in values["burst size"].interval or ("0", "0"))

    assert low <= 600 <= high
    assert high - low == pytest.approx(4 * 50**0.5, rel=0.5)


def test_rows_are_drawn_together(values: dict[str, FittedValue]) -> None:
    """All parameters of the law, 25 times; a variant draws none."""
    (together,) = values["base rate"].uncertain

    assert len(together) == 4
    assert {len(rows) for rows in together.values()} == {25}
    assert not values["burst start"].uncertain


def test_numbers_are_written_with_their_units() -> None:
    """Times to the millisecond, or finer where they are short."""
    assert written("at", 25.30049) == "25.3s"
    assert written("within", 0.0012344) == "0.001234s"
    assert written("rate", 1_234.567) == "1235/s"
    assert written("requests", 0.2) == 1
