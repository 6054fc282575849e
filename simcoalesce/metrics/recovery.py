"""Recovery: how long errors and slow answers last."""

from simcoalesce.metrics.tally import Tally
from simcoalesce.units import NS_PER_S


def time_to_recover_s(tally: Tally) -> float | None:
    """Return how long it takes from the first error until all is as before.

    It counts whole seconds of arrivals (`Seconds.time_to_recover_ns`); 0 if no request
    got an error, and None if the run ends before it recovers.
    """
    found_ns = tally.seconds.time_to_recover_ns()
    return None if found_ns is None else found_ns / NS_PER_S
