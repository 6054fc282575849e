"""Records of what is counted, and of the requests that are not counted yet."""

from simcoalesce.compiled.record import Record


class Latencies(Record):
    """Latencies that were counted, as `metrics.latency_histogram` has them."""

    kept: int
    """Where they are kept one by one until they are fetched."""
    count: int
    """How many are kept there."""
    bins: int
    """Where they are counted by their bins instead; 0 if they are not."""
    longest: int


class OpenWindow(Record):
    """The misses of one key at one location, as `metrics.stampede` has them."""

    size: int
    opened_at: int
    opened_by: int


class Counts(Record):
    """What is counted; it begins in the order of `metrics.tally`."""

    requests: int
    errors: int
    hits: int
    stale: int
    leaders: int
    followers: int
    bypasses: int
    largest_closed: int
    opened_by: int
    window_ns: int
    answered: Latencies
    failed: Latencies
    ages: Latencies
    fetched: int
    """How many requests had been counted when latencies were fetched last."""
    capacity: int
    """How many latencies may be kept until they are fetched."""
    windows: int
    """Where the window of each location and key is."""
    seconds: int
    """Where the rows of `metrics.seconds` are."""
    second_ns: int
    """How long each of them is."""
    seconds_end: int
    """When the last of them ends."""
    second: int
    """The row of the request that was counted last."""
    second_ends: int
    """When that second ends."""


class CallQueue(Record):
    """Instants in order, of which the first ones leave."""

    instants: int
    """Where they are; they come round again."""
    came: int
    gone: int


class SlidingPeak(Record):
    """The most calls in a window that slides, as `metrics.calls` has it."""

    window_ns: int
    most: int
    calls: CallQueue
    """When those in the window came."""


class CallCounts(Record):
    """What is counted of calls, as `metrics.calls` has it."""

    count: int
    rejected: int
    failed: int
    first_rejected: int
    most_open: int
    ends: CallQueue
    """When open calls end, as far as they end in the order in which they came."""
    last_end: int
    others: int
    """Where the heap of those is that end before one that came earlier."""
    open_others: int
    per_s: SlidingPeak
    per_window: SlidingPeak
    mask: int
    """One less than how many instants a queue can hold."""


class Pending(Record):
    """A request that came, and what metrics count of its answer."""

    request: int
    arrived_at: int
    group: int
    """Its location and key, as `metrics.stampede` groups them."""
    answered_at: int
    """NEVER if it has no answer yet."""
    status: int
    lookup: int
    role: int
    generated: int
