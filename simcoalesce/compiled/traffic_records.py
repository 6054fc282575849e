"""Records of traffic that is drawn in the loop, as `traffic.drawn_traffic` has it."""

from simcoalesce.compiled.kernel import Word
from simcoalesce.compiled.record import Record


class AliasCell(Record):
    """A cell of an alias table."""

    threshold: float
    alias: int


class AliasRecord(Record):
    """An alias table: what is drawn from it, for numbers in [0, 1)."""

    count: int
    cells: int
    """Where its cells are."""
    codes: int
    """Where the number of each index is; 0 if it is the index."""
    stream: Word


class CurvePiece(Record):
    """A piece of a rate that changes in straight lines, as `traffic.rate_curve`."""

    area: float
    rate: float
    slope: float
    starts_ns: float
    ends_ns: float


class PhaseRecord(Record):
    """A phase of arrivals."""

    instants: int
    """Of several phases, where its next instants are."""
    made: int
    """How many there are."""
    taken: int
    form: int
    begins_ns: int
    """When it begins, or its present burst."""
    ends_ns: int
    """Before when its requests come."""
    keys: AliasRecord
    turns: int
    """How many bursts are still to begin."""
    every_ns: int
    requests: int
    """How many requests there are in each of them."""
    left: int
    """How many of them are still to come."""
    # The process of rate one.
    stream: Word
    draws: int
    """How many gaps it has drawn."""
    ticks: int
    """Their sum."""
    # A burst.
    total: int
    """The sum of all its gaps."""
    within_ns: int
    # A curve.
    piece: int
    """Where its present piece is."""
    last_piece: int
    area: float
    """The area under all of it."""
    latest_ns: int
    """No request comes after this instant."""
    reached_ns: int
    """When the last one came, or on a grid when the next one comes."""
    # A grid.
    whole: int
    part: int
    denominator: int
    rest: int


class TrafficRecord(Record):
    """Requests that are drawn, phase by phase."""

    phases: int
    first_phase: int
    gaps: int
    """Where the quantiles of the gaps are."""
    most: int
    """Before which request none is drawn until the run asks for more."""
    goes_on: bool
    """Whether any may still come."""
    locations: AliasRecord
    isolates: int
    """How many there are at each location."""
    draws_isolates: bool
    isolate_stream: Word
