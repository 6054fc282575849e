"""The state grows with what is under way, whatever its number."""

from typing import Any

import numpy as np
import pytest

from simcoalesce.metrics import measure
from simcoalesce.metrics.tally import Tally
from tests.builders import a_path, an_origin, at_ns

api = pytest.importorskip("simcoalesce.compiled.api", reason="it needs llvmlite")

_NAMES: dict[str, Any] = {"seed": 1, "keys": ["a"], "locations": ["icn"]}
_AT_A_LIMIT = [n + d for n in (1024, 2048, 4096) for d in range(-66, -61)]


@pytest.mark.parametrize("requests", [*_AT_A_LIMIT, 10_000])
@pytest.mark.parametrize("layers", [[], ["single_flight"]])
def test_any_number_of_requests_may_be_under_way(
    requests: int, layers: list[str]
) -> None:
    """All come at once, and none has its answer before all have come."""
    path = a_path(*layers, an_origin("120ms"))
    burst = at_ns(np.zeros(requests, dtype=np.int64))

    counted = api.tally_compiled(path, [burst], **_NAMES)
    rows = api.simulate_compiled(path, [burst], **_NAMES)

    assert measure(counted) == measure(Tally.of(rows))
