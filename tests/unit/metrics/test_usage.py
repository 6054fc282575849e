"""Usage metrics read the counters."""

from collections.abc import Callable

import pytest

from simcoalesce.metrics import METRICS
from simcoalesce.metrics.tally import Tally
from simcoalesce.outcomes import Outcomes

_COUNTERS = [
    "kv_reads",
    "kv_writes",
    "kv_writes_refused",
    "object_requests",
    "object_peak_queue",
]


@pytest.mark.parametrize("name", _COUNTERS)
def test_a_counter_is_a_metric(a_run: Callable[..., Outcomes], name: str) -> None:
    """Each counter is read under its own name."""
    compute = METRICS[name].compute

    assert compute is not None
    assert compute(Tally.of(a_run(usage={name: 7}))) == 7


@pytest.mark.parametrize("name", _COUNTERS)
def test_what_was_not_counted_is_zero(
    a_run: Callable[..., Outcomes], name: str
) -> None:
    """A run without KV or objects read and asked them zero times."""
    compute = METRICS[name].compute

    assert compute is not None
    assert compute(Tally.of(a_run())) == 0
