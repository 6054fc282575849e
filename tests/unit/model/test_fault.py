"""Faults: which calls each of them strikes."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from simcoalesce.model.fault import Fault
from simcoalesce.model.layer import Layer
from tests.builders import a_path, an_origin, at_ms, calls_ms, simulated, statuses


def a_fault(**written: Any) -> Fault:
    """Return a fault, written as a scenario writes it."""
    fault: Fault = TypeAdapter(Fault).validate_python(written)
    return fault


def failing(fault: dict[str, Any]) -> list[Layer]:
    """Return a path of nothing but an origin with a fault."""
    return a_path(an_origin(faults=[fault]))


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


def test_calls_with_certain_numbers_fail() -> None:
    """The third to the fifth; the origin's first call is number 1."""
    fault = a_fault(kind="calls", **{"from": 3, "to": 5})
    struck = [fault.strikes(admitted, 0, 0.0) for admitted in range(6)]

    assert struck == [False, False, True, True, True, False]


def test_calls_that_end_before_they_begin_are_refused() -> None:
    """They would never be struck."""
    with pytest.raises(ValidationError, match="to is less than from"):
        a_fault(kind="calls", **{"from": 3, "to": 2})


def test_a_share_of_the_keys_is_the_same_in_all_runs_with_a_seed() -> None:
    """Of ten thousand keys about a tenth; with another seed, others."""
    fault = a_fault(kind="always", share_of_keys="10%")
    keys = [f"key-{number}" for number in range(10_000)]
    first, again, other = (fault.concerned(keys, seed, 0) for seed in (1, 1, 2))

    assert first is not None
    assert again is not None
    assert other is not None
    assert (first == again).all()
    assert (first != other).any()
    assert 900 < first.sum() < 1_100


def test_a_fault_is_narrowed_by_names_or_by_a_share() -> None:
    """Both at once could mean either."""
    with pytest.raises(ValidationError, match="exclude each other"):
        a_fault(kind="always", keys=["sale"], share_of_keys="10%")


def test_a_fault_is_an_error_of_the_server_unless_it_says_otherwise() -> None:
    """500, in the usual time."""
    fault = a_fault(kind="first", calls=1)

    assert (fault.status, fault.takes, fault.slower) == (500, None, 1.0)


def test_a_fault_that_is_only_slow_answers_as_ever() -> None:
    """Who writes `slower: 10` means late answers, not wrong ones."""
    assert a_fault(kind="first", calls=1, slower=10).status == 200
    assert a_fault(kind="first", calls=1, slower=10, status=503).status == 503
    assert a_fault(kind="first", calls=1, takes="30s", slower=2).status == 500
    assert a_fault(kind="first", calls=1, cacheable=False).status == 200
    assert a_fault(kind="first", calls=1, cacheable=False, status=404).status == 404


def test_an_idea_is_no_member() -> None:
    """Each member says what it strikes."""
    with pytest.raises(NotImplementedError):
        Fault.model_construct(kind="any", status=500).strikes(0, 0, 0.0)


def test_a_fault_of_some_keys_strikes_and_counts_no_others() -> None:
    """Calls 2 and 3 of the second key are the fourth and the fifth of all."""
    fault = {"kind": "calls", "from": 2, "to": 3, "keys": ["key-1"]}
    requests = at_ms(*range(6), key=[0, 1, 0, 1, 1, 1])

    struck = [200, 200, 200, 500, 500, 200]
    assert statuses(simulated(failing(fault), requests)) == struck


def test_a_fault_may_count_the_calls_of_each_key() -> None:
    """The first call of each of two keys fails."""
    fault = {"kind": "first", "calls": 1, "each_key": True}
    requests = at_ms(*range(4), key=[0, 0, 1, 1])

    assert statuses(simulated(failing(fault), requests)) == [500, 200, 500, 200]


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "calls", "from": 2, "to": 4},
        {"kind": "random", "probability": "50%"},
        {"kind": "window", "from": "2ms", "until": "5ms"},
    ],
)
def test_a_fault_narrowed_to_all_keys_is_the_fault_itself(fault: Any) -> None:
    """Call by call, in its draws too."""
    requests = at_ms(*range(8), key=[0, 1, 0, 0, 1, 1, 0, 1])
    narrowed = fault | {"keys": ["key-0", "key-1"]}
    seen = [statuses(simulated(failing(it), requests)) for it in (fault, narrowed)]

    assert seen[0] == seen[1]
    assert set(seen[0]) == {200, 500}


def test_a_fault_of_an_unknown_key_is_refused() -> None:
    """With what there is."""
    path = failing({"kind": "always", "keys": ["shoe"]})

    with pytest.raises(ValueError, match=r'faults\[0\]\.keys: no key is named "shoe"'):
        simulated(path, at_ms(0))


def test_a_fault_may_keep_an_answer_out_of_caches() -> None:
    """Private at 0 and 200 ms, then stored at 520 ms: the fourth request is a hit."""
    fault = {"kind": "calls", "from": 1, "to": 2, "cacheable": False}
    path = a_path({"memory": {"ttl": "1s"}}, an_origin(faults=[fault]))
    outcomes = simulated(path, at_ms(0, 200, 400, 600))

    assert statuses(outcomes) == [200] * 4
    assert calls_ms(outcomes) == [0, 200, 400]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (
            {"kind": "window", "from": "5s", "until": "2m", "takes": "1s"},
            "500, after 1s, for calls from 5s until 2m",
        ),
        ({"kind": "first", "calls": 1}, "500 for the first call"),
        (
            {"kind": "first", "calls": 9, "each_key": True, "slower": 3},
            "3 times the latency for the first 9 calls for each key",
        ),
        ({"kind": "calls", "from": 3, "to": 3}, "500 for call 3"),
        ({"kind": "calls", "from": 3, "to": 5}, "500 for calls 3 to 5"),
        (
            {"kind": "random", "probability": "2%", "status": 503},
            "503 for 2 % of the calls, by chance",
        ),
        (
            {"kind": "always", "cacheable": False, "keys": ["a", "b"]},
            "not to be stored for all calls of a, b",
        ),
        (
            {"kind": "always", "share_of_keys": "10%"},
            "500 for all calls of 10 % of the keys",
        ),
        ({"kind": "always", "status": 200}, "nothing for all calls"),
    ],
    ids=str,
)
def test_a_fault_says_what_it_does(written: dict[str, Any], told: str) -> None:
    """To which calls."""
    assert a_fault(**written).says == told
