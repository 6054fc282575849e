"""A layer that says that it makes no error of its own makes none, on any path."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simcoalesce.model.layer import Layer
from simcoalesce.outcomes import Lookup
from simcoalesce.request import Requests
from tests.builders import simulated
from tests.random_scenarios import ALL_PATHS, any_requests

QUICK = settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)


@given(path=ALL_PATHS, requests=any_requests(), seed=st.integers(0, 9))
@QUICK
def test_an_error_is_made_by_a_layer_that_says_so(
    path: list[Layer], requests: Requests, seed: int
) -> None:
    """Or by the origin, or by KV, which refuses puts; caches may serve it again."""
    outcomes = simulated(path, requests, seed=seed, locations=2)
    rows = outcomes.request_rows
    own = {_maker(layer.served_by) for layer in path if layer.makes_errors}
    is_new = (rows.status >= 400) & (rows.lookup == Lookup.MISS)

    makers = {_maker(outcomes.layers[code]) for code in rows.served_by[is_new]}

    assert makers <= own | {"origin", "kv"}


def _maker(served_by: str) -> str:
    """Return who it is, whichever of several: origin.eu is an origin."""
    return served_by.partition(".")[0]
