"""Warm-up check: whether steady traffic has settled before half of a run."""

from collections.abc import Iterator
from typing import Final

from simcoalesce.metrics.warmup import warm_up_s
from simcoalesce.outcomes import Outcomes
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.traffic.arrivals.mmpp import Mmpp
from simcoalesce.traffic.arrivals.rate import RateOfRequests
from simcoalesce.units import format_duration

_STEADY: Final = (RateOfRequests, Mmpp)
"""Arrivals that go on as they begin."""
_ENOUGH: Final = 2_000
"""Answered requests; what fewer say of a trend is mostly noise."""


def is_unsettled(scenario: Scenario, outcomes: Outcomes) -> Iterator[str]:
    """Yield a warning if steady traffic has not settled by the middle of a run.

    Bursts and flash crowds are what they are, from empty to the end; nobody expects
    them to settle.
    """
    is_long = int(outcomes.request_rows.answered.sum()) >= _ENOUGH
    if is_long and _is_steady(scenario) and warm_up_s(outcomes) is None:
        lasts = format_duration(scenario.duration_ns)
        yield (
            "the latency has not settled by the middle of the run (MSER-5): the"
            f" metrics are of the first {lasts} from empty caches and queues, and do"
            " not say how this traffic goes on; a longer duration shows whether it"
            " settles, or a queue grows without end"
        )


def _is_steady(scenario: Scenario) -> bool:
    return all(
        isinstance(phase, _STEADY)
        and not phase.at_ns
        and not phase.for_ns
        and not phase.until_ns
        for phase in scenario.traffic.arrivals
    )
