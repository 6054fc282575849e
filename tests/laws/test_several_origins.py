"""What holds for several origins at the end of a path, whatever stands before them."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from simcoalesce.model.layer import Layer
from simcoalesce.request import Requests
from tests.builders import simulated, tables
from tests.laws.test_random_scenarios import QUICK, check_the_rows, check_the_usage
from tests.random_scenarios import (
    ANY_LAYER,
    ORIGINS,
    SEVERAL_ORIGINS,
    Entry,
    answered,
    any_requests,
)


def run(path: list[Layer], requests: Requests, seed: int) -> dict[str, Any]:
    """Return the tables of a run, without the names of those who answer."""
    found: dict[str, Any] = tables(
        simulated(path, requests, seed=seed, locations=2, keys=2)
    )
    names = [name.partition(".")[0] for name in found.pop("layers")]
    found["request_rows"][9] = [names[code] for code in found["request_rows"][9]]
    usage = found["usage"].items()
    found["usage"] = {unit: many for unit, many in usage if "origin_" not in unit}
    return found


@given(
    layers=st.lists(ANY_LAYER, max_size=4),
    origin=ORIGINS,
    choose=st.sampled_from(["failover", "round_robin", {"random": {"only": 2}}]),
    requests=any_requests(),
    seed=st.integers(0, 9),
)
@QUICK
def test_one_of_several_is_an_origin(
    layers: list[Entry], origin: Entry, choose: Any, requests: Requests, seed: int
) -> None:
    """The same rows, calls and draws, however often it fails: there is no other."""
    several = {"origins": {"of": {"only": origin["origin"]}, "choose": choose}}

    alone = run(answered(layers, origin), requests, seed)

    assert run(answered(layers, several), requests, seed) == alone


@given(
    layers=st.lists(ANY_LAYER, max_size=4),
    several=SEVERAL_ORIGINS,
    requests=any_requests(),
    seed=st.integers(0, 9),
)
@QUICK
def test_calls_of_several_origins_are_those_that_each_received(
    layers: list[Entry], several: Entry, requests: Requests, seed: int
) -> None:
    """And rows and usage obey what those of any run do."""
    path = answered(layers, several)
    check_the_rows(path, requests, seed)
    check_the_usage(path, requests, seed)
    outcomes = simulated(path, requests, seed=seed, locations=2, keys=2)

    each = [outcomes.usage[f"origin_calls.{name}"] for name in ("eu", "us")]
    assert sum(each) == len(outcomes.origin_rows.request)
