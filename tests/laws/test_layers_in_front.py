"""A layer in front that does nothing leaves all behind it as it was."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simcoalesce.compiled import api
from simcoalesce.model import edge
from simcoalesce.model.layer import Layer
from simcoalesce.outcomes import Outcomes
from simcoalesce.request import Requests
from tests.builders import a_path, tables
from tests.random_scenarios import ALL_PATHS, PATHS, Entry, any_requests

QUICK = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
IDLE: st.SearchStrategy[Entry] = st.sampled_from(
    [{"retry": {"attempts": 1}}, {"timeout": {"after": "1h"}}]
)
NOBODY_LEAVES: st.SearchStrategy[Entry] = st.sampled_from(
    [
        {"abandon": {"after": "1ms", "share": "0%"}},
        {"abandon": {"after": "0ms", "requests": [26]}},
        {"abandon": {"after": "1h"}},
        {"hedge": {"after": "1h"}},
        {"hedge": {"after": "0ms", "most": 1}},
        {"fan_out": {"calls": 1}},
    ]
)
NAMES: dict[str, Any] = {"keys": ("key-0", "key-1"), "locations": ("at-0", "at-1")}


def rows(outcomes: Outcomes) -> dict[str, object]:
    """Return all that a run wrote, with the names of who answered."""
    written: dict[str, Any] = {**tables(outcomes)}
    written.pop("layers")
    return written | {
        "request_rows": written["request_rows"][:9] + written["request_rows"][10:],
        "served_by": [outcomes.layers[c] for c in outcomes.request_rows.served_by],
    }


@given(
    path=ALL_PATHS,
    idle=IDLE | NOBODY_LEAVES,
    requests=any_requests(),
    seed=st.integers(0, 9),
)
@QUICK
def test_an_idle_layer_in_front_changes_no_draw_behind_it(
    path: list[Layer], idle: Entry, requests: Requests, seed: int
) -> None:
    """Rows and calls are the same, whatever draws behind it."""
    longer = [*a_path(idle), *path]

    bare = edge.simulate(path, [requests], seed=seed, **NAMES)
    behind = edge.simulate(longer, [requests], seed=seed, **NAMES)

    assert rows(behind) == rows(bare)


@given(path=PATHS, idle=IDLE, requests=any_requests(), seed=st.integers(0, 9))
@QUICK
def test_an_idle_layer_in_front_changes_no_draw_in_the_compiled_engine(
    path: list[Layer], idle: Entry, requests: Requests, seed: int
) -> None:
    """The same of the other engine."""
    pytest.importorskip("llvmlite", reason="the compiled engine needs llvmlite")
    longer = [*a_path(idle), *path]

    bare = api.simulate_compiled(path, [requests], seed=seed, **NAMES)
    behind = api.simulate_compiled(longer, [requests], seed=seed, **NAMES)

    assert rows(behind) == rows(bare)
