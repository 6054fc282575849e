"""cdn: a location's cache, with or without request collapsing."""

from typing import Literal

from simcoalesce.model.layer import Layer
from simcoalesce.spec import default
from simcoalesce.units import Duration, PositiveDuration


class Cdn(Layer):
    """A cache that all isolates of a location share."""

    kind: Literal["cdn"] = "cdn"
    ttl_ns: PositiveDuration = default("60s")
    """How long an answer is fresh."""
    lock: bool = True
    """Whether misses of one key wait for one fetch, or each fetches."""
    stale_while_revalidate_ns: Duration = default("0s")
    """How long after its expiry an answer is served while it is fetched anew."""
    whole_seconds: bool = False
    """Whether the clock counts whole seconds (Squid), so that ttl shrinks by up to one."""
    clock_offset_ns: Duration = default("0ms")
    """How far t = 0 is from the last whole second of the wall clock."""
