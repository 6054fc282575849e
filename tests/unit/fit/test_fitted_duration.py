"""Fitted durations."""

import numpy as np

from simcoalesce.fit.fitted_duration import fitted_duration
from simcoalesce.randomness import Stream


def test_what_hardly_varies_is_a_constant() -> None:
    """120 ms, and what rounding adds."""
    durations_s = 0.120 + np.arange(300) % 4 / 1_000

    assert fitted_duration(durations_s, "file.csv").written == "121.5ms"


def test_a_lognormal_is_found_by_its_median_and_99th_percentile() -> None:
    """Median 100 ms; sigma 0.4, so that 1 % take 254 ms or longer."""
    uniforms = Stream(1, "fitted").uniforms(np.arange(8_000))
    normal = np.sqrt(-2 * np.log(uniforms[::2])) * np.cos(2 * np.pi * uniforms[1::2])
    fitted = fitted_duration(0.1 * np.exp(0.4 * normal), "file.csv")

    assert fitted.text.startswith("lognormal")
    assert abs(fitted.median_s - 0.1) < 4 * 0.1 * 0.4 / 4_000**0.5


def test_two_groups_of_durations_are_taken_as_recorded() -> None:
    """No lognormal has a gap."""
    durations_s = np.repeat([0.05, 0.5], 300)
    fitted = fitted_duration(durations_s, "file.csv")

    assert fitted.written["empirical"].name == "file.csv"
    assert "lognormal" in fitted.other
