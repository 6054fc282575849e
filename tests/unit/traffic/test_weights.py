"""Weights are checked when they are read."""

import pytest
from pydantic import TypeAdapter, ValidationError

from simcoalesce.traffic.weights import Weights


@pytest.mark.parametrize(
    "written", [{}, {"a": 0}, {"a": -1}, {"a": float("nan")}, {"": 1}, {"a": "x"}]
)
def test_impossible_weights_are_refused(written: dict[str, object]) -> None:
    """No weight at all, a negative one or none that is a number is an error."""
    with pytest.raises(ValidationError):
        TypeAdapter(Weights).validate_python(written)
