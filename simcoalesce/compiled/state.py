"""State of a run: the records that every level knows, in one array of numbers.

The array is memory, and records are known by their addresses in it. It passes through
compiled code as one pointer, and it can grow between two turns of the loop without
moving anything.
"""

from typing import Final

from simcoalesce.compiled.kernel import Word
from simcoalesce.compiled.queue_records import FifoEntry
from simcoalesce.compiled.record import Link, Record
from simcoalesce.compiled.tally_records import CallCounts, Counts
from simcoalesce.compiled.traffic_records import TrafficRecord

MOST_LEVELS: Final = 16

# Where a step is entered; labels of its own come after these.
DOWN: Final = 0
"""A request comes from the level above."""
UP: Final = 1
"""An answer comes from the level below."""
LABELS: Final = 2
BACK: Final = 62
"""No step is entered here: what a level brought back waits for an object's gate."""

# What a step says.
GO_DOWN: Final = 0
GO_UP: Final = 1
WAIT: Final = 2
SPAWN: Final = 3
"""Run the task in `State.spawned` first, then come back to this one's label."""
END: Final = 4
"""The task has ended, which began inside this level: what awaits the level does not
await it."""

BYPASS: Final = -1
"""BYPASS minus its isolate is that of a request that no store and no flight answers."""

DRAWN: Final = -1
RECORDED: Final = -2
"""What stands for a sampler's constant if it has none."""


class AnswerRow(Record):
    """What a row holds of an answer."""

    status: int
    lookup: int
    role: int
    served_by: int
    generated: int
    attempts: int
    version: int
    cacheable: bool
    retry_after: int


class AnswerRecord(AnswerRow):
    """An answer, as `model.answer.Answer` is."""

    complete_at: int
    """When the last byte of its body is there; at once if that is past."""
    max_age: int
    """How long it says that it may be stored, or nobody: it does not say."""
    stored_at: int
    """When the first HTTP cache on its way stored it, or nobody: none did."""


class FreeList(Record):
    """Blocks of one size that were freed: the last of them, which names the next."""

    first: int


FULL_ROW: Final = 1 + AnswerRow.width
"""A row: when a request was answered, then its answer."""


class Level(Record):
    """A level of the path: the parameters of every layer, and what it counts."""

    kind: int
    """The number of its kernels."""
    number: int
    """How many levels stand before it."""
    object_level: Link["Level"]
    """The level of the object in which it stands, or none for isolates."""
    served_by: int
    frame: int
    """How far behind a task begins what this level keeps of it."""
    returns: int
    """How many events it brings back, each of which waits for its object's gate."""
    is_bypassed: bool
    """Whether requests bypass it that nothing stored may answer."""
    is_worker: bool
    """Whether a worker behind a cache begins here, whose runs are counted."""
    is_streamed: bool
    """Whether who awaits it wants headers alone."""
    completes: bool
    """Whether it brings back headers, and who awaits it wants bodies."""


class Frame(Record):
    """What a level keeps of a task while it is below, or waits there."""

    returns_left: int
    """How many of its returns wait for an object's gate."""
    resumes_at: int
    """Behind which of its yields the kernel goes on."""


class Task(Record):
    """A process, as `model.clock.Process` is."""

    request: int
    key: int
    location: int
    isolate: int
    attempt: int
    base: int
    """The level at which it began; above it, its answer is handed over."""
    ends: int
    """How that is done: a number that `handovers` gave."""
    to: int
    """To whom."""
    level: int
    """Where it waits."""
    label: int
    """Where it goes on."""
    is_dead: bool
    entry: FifoEntry
    """It in the queue of events."""
    next: Link["Task"]
    previous: Link["Task"]
    answer: AnswerRecord


class OperationCounts(Record):
    """Counted operations, in the order of `usage.COUNTED`."""

    worker_requests: int
    kv_reads: int
    kv_writes: int
    kv_writes_refused: int
    object_requests: int
    object_active_ns: int
    object_peak_queue: int
    response_bytes: int
    worker_runs: int


class KvState(Record):
    """Where the parts of KV are, as `kv` has them."""

    views: int
    next_put: int
    """When KV takes the next put of each key."""
    read_at: int
    """When each location last read each key."""
    copies: int
    """What each location keeps of each key, if any level keeps copies."""
    puts: int
    keeps_copies: bool
    """Whether any level keeps what a location has read."""


class RedisState(Record):
    """Where the parts of the Redis server are, as `redis` has them."""

    store: int
    """Its values; 0 if no layer asks for any."""
    locks: int
    """The locks of each key; 0 if no layer takes any."""
    tokens: int
    """How many it has given."""
    sets: int
    """How often it has set each key; 0 if nobody is told."""


class State(Record):
    """The single numbers of a run, at the front of memory."""

    now: int
    keys: int
    locations: int
    usage: OperationCounts
    # Memory.
    top: int
    """Where free memory begins."""
    size: int
    task_width: int
    live: int
    """How many tasks there are."""
    free_tasks: FreeList
    free_flights: FreeList
    free_nodes: FreeList
    free_timers: FreeList
    free_calls: FreeList
    free_links: FreeList
    free_entries: FreeList
    free_instants: FreeList
    # The queue of events.
    sequence: int
    """Breaks the last ties, as SimPy's event counter does."""
    heap: int
    heaped: int
    """How many entries the heap holds."""
    heap_capacity: int
    fifos: int
    fifo_count: int
    fifo_numbers: int
    """Which FIFO each kind of waits has, or NOBODY so far."""
    again: int
    """The entry that is not done with, and comes before all others; or NOBODY."""
    # The tasks that wait for a spawned one to wait or end.
    spawned: Link[Task]
    run_stack: int
    runs: int
    # The table from keys to addresses.
    table: int
    table_used: int
    table_size: int
    # What the origin received.
    has_call_log: bool
    """Whether calls are kept one by one; else they are only counted."""
    call_log: int
    calls: int
    call_capacity: int
    # The requests that the loop was handed, and those that have no answer yet.
    coming: int
    """Where the columns are of those that it was handed, as `coming` has them."""
    stride: int
    """How far it is from a column to the next."""
    traffic: TrafficRecord
    """What more of them are drawn from."""
    latest: int
    """When the last of them arrives."""
    first_request: int
    """The number of the first that it was handed."""
    handed: int
    """How many it was handed."""
    came: int
    """How many of them have arrived."""
    part: int
    """Which part of the keys belongs here."""
    parts: int
    """Into how many the keys are cut."""
    until: int
    """Before which instant to do what is due after the last; then before what."""
    until_order: int
    has_rows: bool
    """Whether each request gets a row; else they are only counted."""
    pending: int
    """Where the requests are that are under way, in order of arrival."""
    pending_mask: int
    shown: int
    """How many requests have come into the ring."""
    counted: int
    """How many of them have left it."""
    counts: Counts
    call_counts: CallCounts
    # What several levels share.
    kv: KvState
    redis: RedisState
    domains: int
    """How many lives of objects have begun."""
    objects_by_key: int
    """Where the objects of the first level with one for each key begin, or 0."""
    uses_fast_path: bool
    """Whether hits of the first level can be completed when they arrive."""

    def __getitem__(self, at: int) -> int:
        """Return a number of memory."""
        return int(self.numbers[at])

    def __setitem__(self, at: int, number: int) -> None:
        """Write a number of memory."""
        self.numbers[at] = number


LEVELS_AT: Final = State.width
"""From here on, where each level is."""
PARAMETERS_AT: Final = LEVELS_AT + MOST_LEVELS


class SamplerRecord(Record):
    """A sampler: what it always gives, or DRAWN, or RECORDED."""

    constant: int
    stream: Word
    values: int
    """Where its table of quantiles lies, or its recorded durations."""
    count: int
    given: int
