"""Layout of the state array: columns of its records, and codes that kernels use."""

from typing import Final

from simcoalesce.model import clock

COMPLETE: Final = clock.COMPLETE
ANSWER: Final = clock.ANSWER
EXPIRE: Final = clock.EXPIRE
START: Final = clock.START
RETURN: Final = clock.RETURN

# A task is a process, as `model.clock.Process` is.
ID: Final = 0
KEY: Final = 1
LOCATION: Final = 2
ISOLATE: Final = 3
"""BYPASS minus its isolate, for a request that no store and no flight may answer."""
ATTEMPT: Final = 4
BASE: Final = 5
"""The level at which it began; above it, its answer is handed over."""
THEN: Final = 6
"""To whom the answer is handed, one of the codes below."""
TO: Final = 7
"""Which of them."""
NEXT: Final = 8
PREVIOUS: Final = 9
LEVEL: Final = 10
"""Where it waits."""
LABEL: Final = 11
"""Where it goes on."""
IS_DEAD: Final = 12

BYPASS: Final = -1

# The answer of a task, in the order of `model.answer.Answer`.
STATUS: Final = 13
LOOKUP: Final = 14
ROLE: Final = 15
SERVED_BY: Final = 16
GENERATED: Final = 17
ATTEMPTS: Final = 18
VERSION: Final = 19
CACHEABLE: Final = 20
RETRY_AFTER: Final = 21
ANSWER_WIDTH: Final = 9

FULL_ROW: Final = 1 + ANSWER_WIDTH
"""A row: when a request was answered, then its answer."""
SHORT_ROW: Final = 1 + ATTEMPTS - STATUS
"""A row without what no metric counts: it ends with when the origin made the answer."""

FRAMES: Final = 22
"""From here on, what each level keeps while a task is below it or waits there."""
FRAME_WIDTH: Final = 9

# To whom an answer is handed.
TO_CLIENT: Final = 0
TO_FLIGHT: Final = 1
TO_RACE: Final = 2
TO_HOLD: Final = 3
TO_REFRESH: Final = 4
TO_NOBODY: Final = 5
TO_LATE: Final = 6

# A request that arrives.
ITS_KEY: Final = 0
ITS_LOCATION: Final = 1
ITS_ISOLATE: Final = 2
ARRIVES_AT: Final = 3
ITS_ID: Final = 4
ARRIVAL_WIDTH: Final = 5

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
"""Run the task in `SPAWNED` first, then come back to this one's label."""

# Single numbers, at the head of the state.
NOW: Final = 0
SEQUENCE: Final = 1
"""Breaks the last ties of the queue, as SimPy's event counter does."""
QUEUE: Final = 2
"""Where the queue lies; then how long it is, and how long it may be."""
QUEUED: Final = 3
"""How many entries there are in the heap."""
QUEUE_CAPACITY: Final = 4
CALL_LOG: Final = 5
CALLS: Final = 6
CALL_CAPACITY: Final = 7
TABLE: Final = 8
TABLE_USED: Final = 9
TABLE_SIZE: Final = 10
SPAWNED: Final = 11
RUN_STACK: Final = 12
RUNS: Final = 13
"""How many tasks wait for a spawned one to wait or end."""
WAKING: Final = 14
"""The next follower of a flight that has landed, or NOBODY."""
LANDED: Final = 15
PUTS: Final = 16
DOMAINS: Final = 17
LOCATIONS: Final = 19
KEYS: Final = 20
VIEWS: Final = 21
NEXT_PUT: Final = 22
"""Where it says when KV takes the next put of each key."""
READ_AT: Final = 23
"""Where it says when each location last read each key."""
OWN_LATENCY: Final = 24
"""Where it names the sampler of each key's own origin latency, if any does."""
CHANGES_AT: Final = 25
TASK_WIDTH: Final = 26
LIVE: Final = 27
"""How many tasks there are."""
TOP: Final = 28
"""Where free memory begins."""
FIFOS: Final = 35
"""Where the FIFOs of the queue begin: first and last entry of each."""
FIFO_COUNT: Final = 36
FREE_ENTRY: Final = 37
KEEPS_COPIES: Final = 38
"""Whether any level keeps what a location has read."""
USES_FAST_PATH: Final = 39
"""Whether hits of the first level can be completed when they arrive."""
SIZE: Final = 34
"""How much memory there is."""
FREE_TASK: Final = 29
"""The first of the freed tasks, each of which names the next; 0 is none."""
FREE_FLIGHT: Final = 30
FREE_NODE: Final = 31
FREE_TIMER: Final = 32
FREE_LINK: Final = 33
USAGE: Final = 40
"""From here on, counted operations."""
FIRST_ROW: Final = 48
"""Row of the first request that the loop was handed."""
HANDED: Final = 49
"""How many requests it was handed; then how many of them have arrived."""
CAME: Final = 50
UNTIL: Final = 51
"""Before which instant to do what is due after the last arrival; then before what."""
UNTIL_ORDER: Final = 52
ROUND_OF: Final = 56
"""The level whose timer goes on with its round at once, or NOBODY."""
BYPASSED: Final = 55
"""A bit for each level that such requests bypass."""
OBJECT_OF_KEY: Final = 54
"""Where the objects of the first level with one for each key begin, or 0."""
ROW_WIDTH: Final = 53
"""How wide a row is: FULL_ROW, or SHORT_ROW if it is only counted."""
LEVEL_PARAMETERS: Final = 64
"""From here on, the parameters of the levels."""

NOBODY: Final = -1

# FIFOs of the queue that belong to no level, and one that is no FIFO.
SIGNALS: Final = 0
TIMERS: Final = 1
LEVELS: Final = 2
HEAP: Final = -2

# Kinds of queue entries.
WAKE: Final = 0
SIGNAL: Final = 1
TIMER: Final = 2
ROUND: Final = 3

# Counted operations.
WORKER_REQUESTS: Final = 0
KV_READS: Final = 1
KV_WRITES: Final = 2
KV_WRITES_REFUSED: Final = 3
OBJECT_REQUESTS: Final = 4
OBJECT_ACTIVE_NS: Final = 5
OBJECT_PEAK_QUEUE: Final = 6
RESPONSE_BYTES: Final = 7
COUNTED: Final = 8

# Kinds of levels.
KV_READ: Final = 0
KV_WRITE: Final = 1
SINGLE_FLIGHT: Final = 2
DURABLE_OBJECT: Final = 3
MEMORY: Final = 4
TIMEOUT: Final = 5
RETRY: Final = 6
ORIGIN: Final = 7
REFRESH_TIMER: Final = 8

# Parameters of every level, at the head of its row.
KIND: Final = 0
OBJECT_LEVEL: Final = 1
"""The level of the object in which it stands, or NOBODY for isolates."""
CODE: Final = 2
"""Its code as a ``served_by``."""
PARAMETERS_WIDTH: Final = 40
RETURNS: Final = PARAMETERS_WIDTH - 1
"""How many events a level brings back, each of which waits for its object's gate."""
