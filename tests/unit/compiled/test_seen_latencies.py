"""The delay of the compiled engine is the model's, whatever was seen."""

import numpy as np
import pytest

from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.seen_latencies import SeenRecord, delay_ns, fill_seen, see
from simcoalesce.compiled.state import State
from simcoalesce.model.recorder import Recorder
from simcoalesce.model.seen_latencies import SeenLatencies, SeenQuantile
from simcoalesce.randomness import Stream

LATENCIES = Stream(1, "latencies").choices(np.arange(60), 9).tolist()


@pytest.mark.parametrize("quantile", ["p1", "p50", "p95"])
def test_the_same_of_the_last_latencies_is_the_delay(quantile: str) -> None:
    """With ties, before enough are seen, and when the oldest are forgotten."""
    after = SeenQuantile.model_validate(
        {"quantile": quantile, "at_first": "7ms", "enough": 3, "of_last": 10}
    )
    parameters = Parameters([], Recorder(), locations=1)
    [record] = parameters.records(SeenRecord, 1)
    fill_seen(record, after, parameters)
    m = State(parameters.memory(0), 0)
    record, seen = SeenRecord(m, record.at), SeenLatencies(after)
    delays = []
    for latency_ns in LATENCIES:
        seen.see(latency_ns)
        see(m, record, latency_ns)
        delays.append((delay_ns(m, record), seen.delay_ns))

    assert len(set(delays)) > 2
    assert all(here == there for here, there in delays)
