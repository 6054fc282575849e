"""Durations of what is drawn."""

import pytest
from pydantic import TypeAdapter, ValidationError

from simcoalesce.distribution import Latency

LATENCY = TypeAdapter[Latency](Latency)


@pytest.mark.parametrize(
    "written",
    [
        {"exponential": "31d"},
        {"median": "1d", "p99": "31d"},
        {"mean": "31d", "cv": 1},
        {"weibull": "31d", "shape": 1},
        {"uniform": ["1d", "31d"]},
    ],
)
def test_what_tables_of_quantiles_do_not_hold_is_refused(
    written: dict[str, object],
) -> None:
    """They end at 30 days: a mean of 31 days was drawn as 30 at most."""
    with pytest.raises(
        ValidationError, match="at most 30 days; write less, or a const"
    ):
        LATENCY.validate_python(written)


def test_a_constant_may_take_longer() -> None:
    """It is no draw."""
    assert LATENCY.validate_python("31d").expected_ns == pytest.approx(31 * 86_400e9)


def _mixture(takes: object, parts: int) -> dict[str, object]:
    return {"mixture": [{"share": 1 / parts, "takes": takes}] * parts}


def test_a_mixture_has_thirty_parts_at_most() -> None:
    """A table of a hundred took 10 s, and one of a hundred hundreds had no end."""
    assert LATENCY.validate_python(_mixture("1ms", 30)).expected_ns

    for many in (_mixture("1ms", 31), _mixture(_mixture("1ms", 8), 4)):
        with pytest.raises(
            ValidationError, match="more than 30 distributions, those w"
        ):
            LATENCY.validate_python(many)
