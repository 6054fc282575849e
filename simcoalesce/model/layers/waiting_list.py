"""waiting_list: a cache whose busy keys have a list of those who wait."""

from typing import Literal

from simcoalesce.model.layer import Layer
from simcoalesce.spec import default
from simcoalesce.units import Duration, PositiveCount, PositiveDuration


class WaitingList(Layer):
    """A location's cache with Varnish's waiting list and hit-for-miss."""

    kind: Literal["waiting_list"] = "waiting_list"
    ttl_ns: PositiveDuration = default("120s")
    """How long an answer is fresh (`default_ttl`)."""
    grace_ns: Duration = default("10s")
    """How long after that it is served while it is fetched in the background."""
    rush: PositiveCount = 3
    """How many of those who wait are let go at a time (`rush_exponent`)."""
    hit_for_miss_ns: Duration = default("120s")
    """How long nobody waits for a key whose last answer could not be stored."""
    error_ttl_ns: Duration = default("1s")
    """How long the 503 of a failed fetch is kept for those who wait."""
