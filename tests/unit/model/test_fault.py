"""Faults: which calls each of them strikes."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from simcoalesce.model.fault import Fault


def a_fault(**written: Any) -> Fault:
    """Return a fault, written as a scenario writes it."""
    fault: Fault = TypeAdapter(Fault).validate_python(written)
    return fault


def test_the_first_calls_fail() -> None:
    """Counted among the calls that the origin admitted."""
    fault = a_fault(kind="first", calls=2)

    assert [fault.strikes(call, 0, 0.0) for call in range(4)] == [True, True] + [
        False
    ] * 2


def test_calls_in_a_window_fail() -> None:
    """Half-open: the call at its end is answered."""
    fault = a_fault(kind="window", **{"from": "10ns", "until": "20ns"})
    struck = [fault.strikes(0, at, 0.0) for at in (9, 10, 19, 20)]

    assert struck == [False, True, True, False]


def test_a_window_that_ends_before_it_begins_is_refused() -> None:
    """It would never strike."""
    with pytest.raises(ValidationError, match="until is not after from"):
        a_fault(kind="window", **{"from": "20ns", "until": "20ns"})


@pytest.mark.parametrize(("probability", "struck"), [(0, 0), (0.25, 250), (1, 1_000)])
def test_calls_fail_at_random_with_a_probability(
    probability: float, struck: int
) -> None:
    """Of a thousand evenly spread draws, the share is exact."""
    fault = a_fault(kind="random", probability=probability)
    draws = [step / 1_000 for step in range(1_000)]

    assert sum(fault.strikes(0, 0, draw) for draw in draws) == struck


def test_a_fault_is_an_error_of_the_server_unless_it_says_otherwise() -> None:
    """500, in the usual time."""
    fault = a_fault(kind="first", calls=1)

    assert (fault.status, fault.takes, fault.slower) == (500, None, 1.0)


def test_a_fault_that_is_only_slow_answers_as_ever() -> None:
    """Who writes `slower: 10` means late answers, not wrong ones."""
    assert a_fault(kind="first", calls=1, slower=10).status == 200
    assert a_fault(kind="first", calls=1, slower=10, status=503).status == 503
    assert a_fault(kind="first", calls=1, takes="30s", slower=2).status == 500


def test_an_idea_is_no_member() -> None:
    """Each member says what it strikes."""
    with pytest.raises(NotImplementedError):
        Fault.model_construct(kind="any", status=500).strikes(0, 0, 0.0)
