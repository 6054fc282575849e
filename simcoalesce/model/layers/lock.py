"""lock: a cache whose cold keys are fetched by one request; the others poll."""

from typing import Literal

from simcoalesce.model.layer import Layer
from simcoalesce.spec import default
from simcoalesce.units import Duration, PositiveDuration


class Lock(Layer):
    """A location's cache with nginx's `proxy_cache_lock`."""

    kind: Literal["lock"] = "lock"
    ttl_ns: PositiveDuration = default("60s")
    """How long an answer is fresh (`proxy_cache_valid`)."""
    poll_ns: PositiveDuration = default("500ms")
    """How often a waiting request looks again; 500 ms are nginx's own."""
    timeout_ns: Duration = default("5s")
    """How long a request waits; then it fetches for itself, and nothing is stored."""
    age_ns: PositiveDuration = default("5s")
    """How old a lock may be; then the next request that looks fetches too."""
    stale: Literal["none", "updating", "background"] = "none"
    """What is done with an expired answer: nothing, so that all fetch; one fetches and
    the others get the expired one (updating); it is fetched in the background."""
    stale_if_error_ns: Duration = default("0s")
    """How long after its expiry an answer stands in for a 429 or 5xx."""
    ignore_client_abort: bool = False
    """Whether an answer is stored although its client has left before it came."""
    whole_seconds: bool = True
    """Whether the clock counts whole seconds, so that ttl grows by up to one."""
    clock_offset_ns: Duration = default("0ms")
    """How far t = 0 is from the last whole second of the wall clock."""
